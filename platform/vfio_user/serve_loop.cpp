// SPDX-License-Identifier: Apache-2.0
// When simulated time advances, and when the process sleeps. Runs in the kernel's thread, but in no
// process: between two calls of sc_start().
#include "platform/vfio_user/serve_loop.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>

#include "models/util/sc_time_ps.h"
#include "models/util/simulate.h"

namespace platform {

namespace {

using namespace std::chrono_literals;

/// Between two looks at the sockets and the doorbells while the simulation is busy, in simulated
/// time.
constexpr std::uint64_t kSlicePs = 20 * util::kPsPerUs;
/// After a doorbell or a message the next one is likely to follow soon, and to wake a thread that
/// sleeps costs its client more than to be heard by one that is awake.
constexpr auto kSpin = 100us;
/// Doorbells in memory wake nobody: the longer they are silent, the less often they are looked at.
constexpr auto kShortestNap = 20us;
constexpr auto kLongestNap = 1ms;
/// A sleeping thread wakes up late by about this much; the rest of a wait is spent awake.
constexpr auto kWakeUpTime = 60us;

/// Between two times at which those are informed who watch.
constexpr auto kInform = 100ms;

/// Clients send descriptors. The limit that a shell sets by default is so low that one client could
/// use up what the others need.
void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void ServeLoop::add(VfioUserBridge& bridge) {
    if (pace_ == ServePace::kRealtime) bridge.follow(wall_);
    bridges_.push_back(&bridge);
}

void ServeLoop::run() {
    allow_many_descriptors();
    ::prctl(PR_SET_TIMERSLACK, 1ul);  // nanoseconds; the default makes short waits 50 us longer
    wall_.start();
    for (;;) {
        time_is_up_ = pace_ == ServePace::kAsap && util::time_is_up();
        if (time_is_up_) break;
        advance();
        if (finished()) break;
        untold_ = true;
        inform();
        sleep();
        wake_bridges();
    }
    sc_core::sc_stop();
}

void ServeLoop::inform() {
    if (!tell_ || !untold_) return;
    const Clock::time_point now = Clock::now();
    if (now - told_ < kInform) return;
    told_ = now;
    untold_ = false;
    tell_();
}

/// Those that have something to do. Again and again: they may be waiting for something else.
void ServeLoop::wake_bridges() {
    const Clock::time_point now = Clock::now();
    for (VfioUserBridge* bridge : bridges_) {
        if (stop_.given()) bridge->stop();
        bridge->wake_expired(now);
        if (!bridge->find_work()) continue;
        heard_ = now;
        bridge->wake();
    }
}

void ServeLoop::advance() {
    if (pace_ == ServePace::kRealtime) return advance_to_wall_clock();
    // A slice that ends before the next event would not even move the time.
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    const sc_core::sc_time slice = util::ScTimePs().to_sc(kSlicePs);
    const sc_core::sc_time next = sc_core::sc_time_to_pending_activity(kernel);
    const bool within = next <= slice || !sc_core::sc_pending_activity(kernel);
    sc_core::sc_start(within ? slice : next, sc_core::SC_EXIT_ON_STARVATION);
}

/// Everything that is due by now.
void ServeLoop::advance_to_wall_clock() {
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    do {
        if (sc_core::sc_pending_activity_at_current_time(kernel)) {
            sc_core::sc_start(sc_core::SC_ZERO_TIME);
            continue;
        }
        if (!sc_core::sc_pending_activity_at_future_time(kernel)) return;
        const sc_core::sc_time step = sc_core::sc_time_to_pending_activity(kernel);
        if (sc_core::sc_time_stamp() + step > wall_.now()) return;
        sc_core::sc_start(step);
        wake_bridges();
    } while (!finished());
}

bool ServeLoop::find_work() {
    bool found = stop_.given();
    for (VfioUserBridge* bridge : bridges_) found = bridge->find_work() || found;
    return found;
}

bool ServeLoop::polling() const {
    return std::any_of(bridges_.begin(), bridges_.end(),
                       [](const VfioUserBridge* bridge) { return bridge->polling(); });
}

bool ServeLoop::finished() const {
    return std::all_of(bridges_.begin(), bridges_.end(),
                       [](const VfioUserBridge* bridge) { return bridge->finished(); });
}

/// Until there is work for a bridge, or for the simulation.
void ServeLoop::sleep() {
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    auto limit = Clock::time_point::max();
    for (const VfioUserBridge* bridge : bridges_) limit = std::min(limit, bridge->next_deadline());
    if (pace_ == ServePace::kAsap) {
        if (sc_core::sc_pending_activity(kernel)) return;
    } else {
        if (sc_core::sc_pending_activity_at_current_time(kernel)) return;
        if (sc_core::sc_pending_activity_at_future_time(kernel)) {
            const util::ScTimePs time;
            const auto next = time.now() + time.to_ps(sc_core::sc_time_to_pending_activity(kernel));
            limit = std::min(limit, wall_.moment_of(next));
        }
    }
    sleep_until(limit);
}

void ServeLoop::sleep_until(Clock::time_point limit) {
    const Clock::time_point spin_end = heard_ + kSpin;
    auto nap = std::chrono::duration_cast<Clock::duration>(kShortestNap);
    for (;;) {
        if (find_work()) return;
        const Clock::time_point now = Clock::now();
        if (now >= limit) return;
        if (now < spin_end || limit - now < kWakeUpTime) {
            ::sched_yield();
            continue;
        }
        inform();
        Clock::time_point end = limit - kWakeUpTime;
        if (tell_ && untold_) end = std::min(end, told_ + kInform);
        wait_until(polling() ? std::min(end, now + nap) : end);
        nap = std::min<Clock::duration>(nap * 5 / 4, kLongestNap);
    }
}

/// Sleeps until something arrives, but not longer than to `limit`.
void ServeLoop::wait_until(Clock::time_point limit) {
    sources_.assign(1, {stop_.fd(), POLLIN, 0});
    for (const VfioUserBridge* bridge : bridges_)
        sources_.push_back({bridge->fd(), bridge->events(), 0});
    const auto left = std::max(limit - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timespec timeout{};
    timeout.tv_sec = seconds.count();
    timeout.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
    (void)::ppoll(sources_.data(), sources_.size(), &timeout, nullptr);
}

}  // namespace platform
