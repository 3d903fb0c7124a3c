// SPDX-License-Identifier: Apache-2.0
// When the process sleeps, and who wakes it. Runs in the kernel's thread, but in no process:
// between two calls of sc_start().
#include "platform/vfio_user/serve_loop.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>

namespace platform {

namespace {

using namespace std::chrono_literals;

/// After a doorbell or a message the next one is likely to follow soon, and to wake a thread that
/// sleeps costs its client more than to be heard by one that is awake.
constexpr auto kSpin = 100us;
/// Doorbells in memory wake nobody: the longer they are silent, the less often they are looked at.
constexpr auto kShortestNap = 20us;
constexpr auto kLongestNap = 1ms;
/// A sleeping thread wakes up late by about this much; the rest of a wait is spent awake.
constexpr auto kWakeUpTime = 60us;

/// Between two looks at visitors while there is always something to do.
constexpr auto kVisit = 10ms;

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

void ServeLoop::add(VfioUserServer& server) {
    time_.add(server.controller());
    if (const WallClock* wall = time_.wall()) server.bridge().follow(*wall);
    bridges_.push_back(&server.bridge());
}

void ServeLoop::run() {
    allow_many_descriptors();
    ::prctl(PR_SET_TIMERSLACK, 1ul);  // nanoseconds; the default makes short waits 50 us longer
    time_.start();
    for (;;) {
        time_is_up_ = time_.is_up();
        if (time_is_up_) break;
        time_.advance();
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
    if (now >= next_visit_ && !visitors_.empty()) visit(now);
    visited_ = false;
    for (VfioUserBridge* bridge : bridges_) {
        if (stop_.given()) bridge->stop();
        bridge->wake_expired(now);
        if (!bridge->find_work()) continue;
        time_.catch_up();
        heard_ = now;
        bridge->wake();
    }
}

void ServeLoop::visit(Clock::time_point now) {
    next_visit_ = now + kVisit;
    for (ServeVisitor* visitor : visitors_) visited_ = visitor->look() || visited_;
    untold_ = true;
}

bool ServeLoop::find_work() {
    bool found = stop_.given() || visited_;
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
    const Clock::duration idle = time_.idle_time();
    if (idle == Clock::duration::zero()) return;
    auto limit = Clock::time_point::max();
    if (idle != Clock::duration::max()) limit = Clock::now() + idle;
    for (const VfioUserBridge* bridge : bridges_) limit = std::min(limit, bridge->next_deadline());
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
    const auto of_visitors = static_cast<std::ptrdiff_t>(sources_.size());
    for (const ServeVisitor* visitor : visitors_) visitor->add_sources(sources_);
    const auto left = std::max(limit - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timespec timeout{};
    timeout.tv_sec = seconds.count();
    timeout.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
    (void)::ppoll(sources_.data(), sources_.size(), &timeout, nullptr);
    if (std::any_of(sources_.begin() + of_visitors, sources_.end(),
                    [](const pollfd& source) { return source.revents != 0; }))
        visit(Clock::now());
}

}  // namespace platform
