// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/params/params.h"
#include "models/nvme/ports/clock.h"
#include "models/nvme/ports/environment.h"
#include "models/nvme/state/async_events.h"
#include "models/nvme/state/data_path.h"
#include "models/nvme/state/energy_meter.h"
#include "models/nvme/state/features.h"
#include "models/nvme/state/health.h"
#include "models/nvme/state/keep_alive.h"
#include "models/nvme/state/power_manager.h"
#include "models/nvme/state/reservation_log.h"
#include "models/nvme/state/temperature.h"
#include "models/nvme/state/thermal_management.h"
#include "models/nvme/state/timestamp.h"
#include "models/nvme/subsystem/subsystem.h"
#include "models/observe/trace.h"

namespace nvme {

/// What a host can set up in one controller and ask it about, apart from its queues.
struct ControllerState {
    /// The references must outlive it.
    ControllerState(const ControllerParams& p, Subsystem& s, const Clock& c, Environment& e);

    const ControllerParams& params;
    Subsystem& subsystem;
    const Clock& clock;
    Environment& environment;
    Features features;
    Health health;
    ErrorLog errors;
    AsyncEvents events;
    Timestamp timestamp;
    ReservationLog reservation_log;
    HostIdentity anonymous_host;  ///< until the next reset, as long as no Host Identifier is set
    HostIdentity host;            ///< whose commands these are, for reservations
    TemperatureTimes temperature_times;
    KeepAlive keep_alive;
    PowerManager power;
    DataPath data_path;
    EnergyMeter energy;
    ThermalManagement thermal_management;
    observe::TraceSink* trace = nullptr;
    observe::TraceSink* details = nullptr;  ///< the same, if it wants_details()

    std::uint32_t page_size = 4096;  ///< CC.MPS, taken over when enabled
    std::uint32_t iosqes = 0;        ///< CC.IOSQES as it is now
    std::uint32_t iocqes = 0;        ///< CC.IOCQES as it is now
    std::uint32_t css = 0;           ///< CC.CSS, taken over when enabled
    bool fetching = false;           ///< CSTS.RDY = 1 and no shutdown has begun

    [[nodiscard]] util::TimePs now() const { return clock.now(); }
    [[nodiscard]] std::uint32_t max_transfer() const { return 4096u << params.mdts; }

    /// `make` returns the event; it is called only when somebody listens.
    template <typename MakeEvent>
    void record(MakeEvent&& make) const {
        if (trace != nullptr) trace->record(make());
    }
    /// The same for what only sinks that ask for it are told.
    template <typename MakeEvent>
    void record_detail(MakeEvent&& make) const {
        if (details != nullptr) details->record(make());
    }
    /// Tells the trace of the health state if it is not what it was.
    void record_health();
    [[nodiscard]] std::uint8_t percentage_used() const;
    /// From now on; null: nobody listens any more.
    void set_trace(observe::TraceSink* sink);

    /// Controller level reset: the Host Identifier is 0 again, and that is another host than
    /// before.
    void reset_host();
    /// The SMART / Health Information log as it is now.
    [[nodiscard]] spec::SmartLog smart_log() const;
    [[nodiscard]] spec::CriticalWarning critical_warning() const;
    /// The health state or a threshold changed: SMART / health events come from it.
    void update_critical_warning();

    /// The composite temperature, or the host's thresholds for thermal management, are other ones
    /// from `at` on. Without power the temperature counts as 0.
    void temperature_changed(util::TimePs at, bool powered);
    [[nodiscard]] util::TimePs busy_time() const { return health.busy_time(now()); }
    /// Empty where no parameter says what the controller consumes.
    [[nodiscard]] Energy consumed() const;
    [[nodiscard]] std::uint64_t nanojoules() const { return energy.nanojoules(now(), busy_time()); }

    /// Error Information log entry and error event for what no command is told.
    void queue_error(std::uint16_t sqid, spec::AsyncErrorInfo info, const CommandError& error);
    /// The same, and the trace hears that the submission queue, or the completion queue `cqid`, had
    /// to stop: a host without an Asynchronous Event Request outstanding learns nothing.
    void queue_stopped(std::uint16_t sqid, const CommandError& error,
                       std::uint32_t cqid = observe::kNoId);

    /// The power will be another one from now on, and the temperature with it.
    void power_changes();

private:
    void power_changed(const observe::PowerTransition& transition);
    void limit_data();

    observe::HealthLevels recorded_health_{};  // what the trace knows
};

}  // namespace nvme
