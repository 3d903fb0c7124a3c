// SPDX-License-Identifier: Apache-2.0
// When simulated time advances, and when the process sleeps. Runs in the kernel's thread, but in no
// process: between two calls of sc_start().
#include <sched.h>
#include <sys/prctl.h>

#include <algorithm>

#include "models/util/sc_time_ps.h"
#include "platform/vfio_user/bridge.h"

namespace platform {

namespace {

using namespace std::chrono_literals;

/// Between two looks at the socket and the doorbells while the simulation is busy, in simulated
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

}  // namespace

void VfioUserBridge::run() {
    ::prctl(PR_SET_TIMERSLACK, 1ul);  // nanoseconds; the default makes short waits 50 us longer
    began_ = Clock::now();
    while (!finished_) {
        advance();
        if (finished_) break;
        sleep();
        wake_expired();
        wake_process();
    }
}

/// If there is something to do for it. Again and again: it may be waiting for something else.
void VfioUserBridge::wake_process() {
    if (!find_work()) return;
    heard_ = Clock::now();
    work_.notify(sc_core::SC_ZERO_TIME);
}

void VfioUserBridge::advance() {
    if (params_.pace == ServePace::kRealtime) return advance_to_wall_clock();
    // A slice that ends before the next event would not even move the time.
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    const sc_core::sc_time slice = util::ScTimePs().to_sc(kSlicePs);
    const sc_core::sc_time next = sc_core::sc_time_to_pending_activity(kernel);
    const bool within = next <= slice || !sc_core::sc_pending_activity(kernel);
    sc_core::sc_start(within ? slice : next, sc_core::SC_EXIT_ON_STARVATION);
}

/// Everything that is due by now.
void VfioUserBridge::advance_to_wall_clock() {
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    do {
        if (sc_core::sc_pending_activity_at_current_time(kernel)) {
            sc_core::sc_start(sc_core::SC_ZERO_TIME);
            continue;
        }
        if (!sc_core::sc_pending_activity_at_future_time(kernel)) return;
        const sc_core::sc_time step = sc_core::sc_time_to_pending_activity(kernel);
        if (sc_core::sc_time_stamp() + step > wall_time()) return;
        sc_core::sc_start(step);
        wake_process();
    } while (!finished_);
}

sc_core::sc_time VfioUserBridge::wall_time() const {
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - began_);
    return {static_cast<double>(ns.count()), sc_core::SC_NS};
}

bool VfioUserBridge::work_waits() const {
    return reception_.has_next() || (doorbells_ && doorbells_->any());
}

bool VfioUserBridge::find_work() {
    (void)reception_.look();
    return work_waits();
}

bool VfioUserBridge::polling() const {
    return doorbells_ != nullptr;
}

/// Until there is work for the bridge, or for the simulation.
void VfioUserBridge::sleep() {
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    auto limit = Clock::time_point::max();
    if (!deadlines_.empty()) limit = *deadlines_.begin();
    if (params_.pace == ServePace::kAsap) {
        if (sc_core::sc_pending_activity(kernel)) return;
    } else {
        if (sc_core::sc_pending_activity_at_current_time(kernel)) return;
        if (sc_core::sc_pending_activity_at_future_time(kernel)) {
            const util::ScTimePs time;
            const auto next = time.now() + time.to_ps(sc_core::sc_time_to_pending_activity(kernel));
            limit = std::min(limit, began_ + std::chrono::nanoseconds(next / util::kPsPerNs));
        }
    }
    sleep_until(limit);
}

void VfioUserBridge::sleep_until(Clock::time_point limit) {
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
        const Clock::time_point end = limit - kWakeUpTime;
        reception_.wait_until(polling() ? std::min(end, now + nap) : end);
        nap = std::min<Clock::duration>(nap * 5 / 4, kLongestNap);
    }
}

/// Whoever waits for the client longer than to its deadline finds out by itself.
void VfioUserBridge::wake_expired() {
    if (deadlines_.empty() || *deadlines_.begin() > Clock::now()) return;
    memory_changed_.notify(sc_core::SC_ZERO_TIME);
    dma_answered_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace platform
