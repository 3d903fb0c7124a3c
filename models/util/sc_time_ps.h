// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include <systemc>

#include "models/util/time.h"

namespace util {

/// Picoseconds to sc_time and back, whatever power of ten the simulation's resolution is. To be
/// constructed when the resolution is fixed, that is with or after the first module.
class ScTimePs {
public:
    ScTimePs() {
        const double fs = sc_core::sc_get_time_resolution().to_seconds() * 1e15;
        const auto resolution_fs = static_cast<std::uint64_t>(std::llround(fs));
        ps_per_tick_ = resolution_fs >= 1000 ? resolution_fs / 1000 : 1;
        ticks_per_ps_ = resolution_fs >= 1000 ? 1 : 1000 / resolution_fs;
        picoseconds_ = ps_per_tick_ == 1 && ticks_per_ps_ == 1;
    }
    /// How long from now. Rounds up: a wait must not end before its time. What would end later than
    /// the kernel can count ends at its last moment, which simulate() never lets come: the kernel
    /// itself would begin anew at 0.
    [[nodiscard]] sc_core::sc_time to_sc(TimePs ps) const {
        const std::uint64_t left = last_ - stamp().value();
        if (picoseconds_) return sc_core::sc_time::from_value(std::min(ps, left));
        const std::uint64_t ticks = ps / ps_per_tick_ + (ps % ps_per_tick_ != 0 ? 1 : 0);
        return sc_core::sc_time::from_value(std::min(times(ticks, ticks_per_ps_), left));
    }
    [[nodiscard]] TimePs to_ps(const sc_core::sc_time& t) const {
        if (picoseconds_) return t.value();  // the default resolution, and no division
        return t.value() / ticks_per_ps_ * ps_per_tick_;
    }
    [[nodiscard]] TimePs now() const { return to_ps(stamp()); }
    /// Notifies at `at`, in the next delta cycle if that has come.
    void notify_at(sc_core::sc_event& event, TimePs at) const {
        const TimePs t = now();
        event.notify(at > t ? to_sc(at - t) : sc_core::SC_ZERO_TIME);
    }

private:
    /// Accellera's kernel returns a reference to the one time that it has, for the whole life of a
    /// simulation. Another kernel may have a new one at each call.
    static constexpr bool kOneStamp = std::string_view{SC_VERSION_ORIGINATOR} == "Accellera";
    [[nodiscard]] const sc_core::sc_time& stamp() const {
        if constexpr (kOneStamp) return *stamp_;
        return sc_core::sc_time_stamp();
    }

    const sc_core::sc_time* stamp_ = &sc_core::sc_time_stamp();
    std::uint64_t last_ = sc_core::sc_max_time().value();
    std::uint64_t ps_per_tick_, ticks_per_ps_;
    bool picoseconds_;
};

}  // namespace util
