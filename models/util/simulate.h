// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include <systemc>

namespace util {

/// How a simulation has ended.
enum class Ended : std::uint8_t {
    kStopped,   ///< by sc_stop()
    kStarved,   ///< nothing is left to happen
    kTimeIsUp,  ///< what happens next lies beyond the end of time
};

/// Why the run has not ended well, for people; empty when it was stopped.
[[nodiscard]] constexpr const char* problem_of(Ended ended) {
    switch (ended) {
        case Ended::kStopped:
            return "";
        case Ended::kStarved:
            return "nothing is left to happen, but the run has not ended";
        case Ended::kTimeIsUp:
            return "the end of simulated time (2^64 ps, about 213 days) comes before that of the "
                   "run";
    }
    return "";
}

/// The last moment that is simulated. What is left between it and sc_max_time(), an hour and a
/// quarter of 213 days, is room for sums of a moment and a short time, which the kernel does not
/// check.
[[nodiscard]] inline sc_core::sc_time end_of_time() {
    const std::uint64_t most = sc_core::sc_max_time().value();
    return sc_core::sc_time::from_value(most - most / 4096);
}

/// Nothing will happen before the end of time, but something is to happen after it.
[[nodiscard]] inline bool time_is_up() {
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    const sc_core::sc_time &now = sc_core::sc_time_stamp(), end = end_of_time();
    return now >= end || (sc_core::sc_pending_activity(kernel) &&
                          sc_core::sc_time_to_pending_activity(kernel) >= end - now);
}

/// In place of sc_start(), which does not notice that time has no end but begins anew. Afterwards
/// the simulation is stopped, whatever the reason.
inline Ended simulate() {
    Ended ended = Ended::kStopped;
    sc_core::sc_start(end_of_time() - sc_core::sc_time_stamp(), sc_core::SC_EXIT_ON_STARVATION);
    if (sc_core::sc_get_status() != sc_core::SC_STOPPED) {
        const bool pending = sc_core::sc_pending_activity(sc_core::sc_get_curr_simcontext());
        ended = pending ? Ended::kTimeIsUp : Ended::kStarved;
        sc_core::sc_stop();
    }
    return ended;
}

}  // namespace util
