// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/util/bits.h"
#include "models/util/time.h"

/// Time travel: how a User Mode Linux asks for time. Source: Linux 6.1,
/// include/uapi/linux/um_timetravel.h; names follow it.
namespace platform::uml {

enum class CalendarOp : std::uint32_t {
    kAck = 0,        ///< both ways; answers the message with the same sequence number
    kStart = 1,      ///< from the guest: its first message
    kRequest = 2,    ///< from the guest: wants to run at `time`; replaces an earlier request
    kWait = 3,       ///< from the guest: does nothing until kRun
    kGet = 4,        ///< from the guest: the ACK carries the present time
    kUpdate = 5,     ///< from the guest: has come to `time` by itself
    kRun = 6,        ///< to the guest: the time it asked for has come
    kFreeUntil = 7,  ///< to the guest: may come to any time before `time` by itself
    kGetTod = 8,     ///< from the guest: the ACK carries the time of day
};

/// All messages, in both directions.
struct CalendarMessage {
    CalendarOp op{};
    std::uint32_t seq = 0;
    std::uint64_t time = 0;  ///< ns since the simulation began
};
static_assert(sizeof(CalendarMessage) == 16 && offsetof(CalendarMessage, time) == 8);

/// A time of the guest as simulated time. What the simulation cannot count to never comes: a guest
/// that waits for an interrupt alone asks for 2^63 - 1 ns.
[[nodiscard]] constexpr util::TimePs to_ps(std::uint64_t ns) {
    return ns < util::kNever / util::kPsPerNs ? ns * util::kPsPerNs : util::kNever;
}

/// Simulated time as the guest's. It counts whole ns, and does not learn of anything before it has
/// happened.
[[nodiscard]] constexpr std::uint64_t round_up_to_ns(util::TimePs ps) {
    return ps / util::kPsPerNs + (ps % util::kPsPerNs != 0 ? 1 : 0);
}

}  // namespace platform::uml
