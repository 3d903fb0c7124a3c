// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "traces/driver/driver_profile.h"
#include "traces/driver/verdict.h"

/// What became of each behaviour (behaviours.cpp has the table).
namespace driver::checks {

[[nodiscard]] Outcome normal_shutdown(const DriverProfile& p);
[[nodiscard]] Outcome awaits_shutdown(const DriverProfile& p);
[[nodiscard]] Outcome flushes(const DriverProfile& p);
[[nodiscard]] Outcome resets(const DriverProfile& p);

[[nodiscard]] Outcome several_in_flight(const DriverProfile& p);
[[nodiscard]] Outcome phase_tag(const DriverProfile& p);
[[nodiscard]] Outcome full_queue(const DriverProfile& p);
[[nodiscard]] Outcome acknowledges(const DriverProfile& p);
[[nodiscard]] Outcome long_transfers(const DriverProfile& p);

[[nodiscard]] Outcome asks_for_events(const DriverProfile& p);
[[nodiscard]] Outcome asks_again(const DriverProfile& p);
[[nodiscard]] Outcome reads_error_log(const DriverProfile& p);
[[nodiscard]] Outcome reads_health_log(const DriverProfile& p);
[[nodiscard]] Outcome reads_changed_namespaces(const DriverProfile& p);
[[nodiscard]] Outcome rescans(const DriverProfile& p);
[[nodiscard]] Outcome resets_after_persistent_error(const DriverProfile& p);

[[nodiscard]] Outcome survives_read_error(const DriverProfile& p);
[[nodiscard]] Outcome survives_write_error(const DriverProfile& p);
[[nodiscard]] Outcome sends_interrupted_again(const DriverProfile& p);
[[nodiscard]] Outcome survives_transfer_error(const DriverProfile& p);

[[nodiscard]] Outcome aborts(const DriverProfile& p);
[[nodiscard]] Outcome resets_after_abort(const DriverProfile& p);
[[nodiscard]] Outcome sends_lost_again(const DriverProfile& p);
[[nodiscard]] Outcome misses_interrupt(const DriverProfile& p);
[[nodiscard]] Outcome ignores_extra_interrupt(const DriverProfile& p);
[[nodiscard]] Outcome waits_for_slow_ready(const DriverProfile& p);
[[nodiscard]] Outcome resets_after_fatal(const DriverProfile& p);
[[nodiscard]] Outcome comes_back(const DriverProfile& p);
[[nodiscard]] Outcome survives_power_cut(const DriverProfile& p);

}  // namespace driver::checks
