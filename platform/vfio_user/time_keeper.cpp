// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/time_keeper.h"

#include <algorithm>

#include "models/util/simulate.h"

namespace platform {

using util::TimePs;

namespace {

/// Between two looks at what is outside while the simulation is busy.
constexpr TimePs kSlice = 20 * util::kPsPerUs;
/// A longer time in which nothing happens is waited for, even when a command is waiting for its
/// end: a fault plan delays it, or the media erases. The shortest time that a Keep Alive Timer can
/// have, or that the driver lint complains of, is ten times as long.
constexpr TimePs kLongestLeap = 10 * util::kPsPerMs;
/// What it takes to simulate a short piece of work is part of the time that passes, as it is for
/// who waits for it. Simulated time does not jump by what a long one has taken.
constexpr TimePs kMostMadeUp = util::kPsPerMs;

const sc_core::sc_simcontext* kernel() {
    return sc_core::sc_get_curr_simcontext();
}

}  // namespace

bool TimeKeeper::is_up() const {
    return pace_ != ServePace::kRealtime && util::time_is_up();
}

void TimeKeeper::advance() {
    switch (pace_) {
        case ServePace::kEager:
            return advance_eagerly();
        case ServePace::kAsap:
            return advance_slice();
        case ServePace::kRealtime:
            (void)advance_to_wall_clock();
            return;
    }
}

void TimeKeeper::advance_slice() {
    // A slice that ends before the next event would not even move the time.
    const sc_core::sc_time slice = time_.to_sc(kSlice);
    const sc_core::sc_time next = sc_core::sc_time_to_pending_activity(kernel());
    const bool within = next <= slice || !sc_core::sc_pending_activity(kernel());
    sc_core::sc_start(within ? slice : next, sc_core::SC_EXIT_ON_STARVATION);
}

void TimeKeeper::catch_up() {
    if (pace_ != ServePace::kEager || !wall_.runs()) return;
    const TimePs now = time_.now(), wanted = wall_.now();
    if (sc_core::sc_pending_activity(kernel())) {
        const TimePs next = time_.to_ps(sc_core::sc_time_to_pending_activity(kernel()));
        if (next == 0 || now + next <= wanted) return;
    }
    if (wanted > now) sc_core::sc_start(time_.to_sc(wanted - now));
    wall_.stop();
}

void TimeKeeper::finish_now() {
    while (sc_core::sc_pending_activity_at_current_time(kernel()))
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

/// All of now, and what is to happen next if that is due. Both: whoever looks after clients in
/// between may add to now each time. True: something was due.
bool TimeKeeper::advance_to_wall_clock() {
    finish_now();
    if (!sc_core::sc_pending_activity(kernel()) || idle_time() != Clock::duration::zero())
        return false;
    sc_core::sc_start(sc_core::sc_time_to_pending_activity(kernel()));
    return true;
}

/// Who comes from outside in idle time first waits until simulated time is that on the wall; he
/// must not have to wait for that once more because somebody else begins to work.
void TimeKeeper::advance_eagerly() {
    if (wall_.runs() && advance_to_wall_clock()) return;
    finish_now();
    keep_alive();
    if (runs_ahead()) {
        wall_.stop();
        advance_slice();
        keep_alive();
    }
    if (!wall_.runs() && !runs_ahead()) begin_idle_time();
}

/// What happens next happens as soon as this computer can have it: it is work, or so near that it
/// is not worth to wait for. Timers of the host are no work.
bool TimeKeeper::runs_ahead() const {
    if (!sc_core::sc_pending_activity(kernel())) return false;
    const TimePs next = time_.to_ps(sc_core::sc_time_to_pending_activity(kernel()));
    if (next == 0) return true;
    for (const Controller& each : controllers_)
        if (each.expires <= time_.now() + next) return false;
    return next <= kSlice || (next <= kLongestLeap && working());
}

bool TimeKeeper::working() const {
    return std::any_of(controllers_.begin(), controllers_.end(),
                       [](const Controller& each) { return each.runtime->model().working(); });
}

/// Simulated time goes on from where it is. What it is ahead of the wall by not even a slice does
/// not count, and what simulating took is made up for if it is little.
void TimeKeeper::begin_idle_time() {
    const TimePs now = time_.now(), wanted = wall_.now();
    if (now <= wanted + kSlice && wanted <= now + kMostMadeUp)
        wall_.go_on();
    else
        wall_.start(now);
}

/// Work takes simulated time that has not passed for the host. A Keep Alive Timer has at least as
/// much left as the host has on its clock.
void TimeKeeper::keep_alive() {
    for (Controller& each : controllers_) {
        const TimePs deadline = each.runtime->model().keep_alive_deadline();
        if (deadline == util::kNever) {
            each.expires = deadline;
            continue;
        }
        const TimePs now = time_.now();
        if (deadline != each.expires) {
            const TimePs left = deadline - std::min(now, deadline);
            each.not_before = wall_.look() + std::chrono::nanoseconds(left / util::kPsPerNs);
        }
        const auto left = std::chrono::nanoseconds(wall_.left(each.not_before));
        const TimePs wanted = now + static_cast<TimePs>(left.count()) * util::kPsPerNs;
        if (deadline < wanted) each.runtime->postpone_keep_alive(wanted);
        each.expires = each.runtime->model().keep_alive_deadline();
    }
}

TimeKeeper::Clock::duration TimeKeeper::idle_time() const {
    if (!sc_core::sc_pending_activity(kernel())) return Clock::duration::max();
    if (pace_ == ServePace::kAsap) return Clock::duration::zero();
    if (pace_ == ServePace::kEager && !wall_.runs()) return Clock::duration::zero();
    const TimePs next = time_.to_ps(sc_core::sc_time_to_pending_activity(kernel()));
    return next == 0 ? Clock::duration::zero() : wall_.sleep_for(wall_.until(time_.now() + next));
}

}  // namespace platform
