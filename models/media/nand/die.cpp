// SPDX-License-Identifier: Apache-2.0
#include "models/media/nand/die.h"

#include <algorithm>

namespace media {

using util::later;
using util::TimePs;

Die::Die(const NandParams& params)
    : suspend_(params.suspend),
      suspend_time_(util::from_ns(params.suspend_ns)),
      suspend_limit_(params.suspend_limit),
      cached_(params.cache_operations),
      lanes_(params.plane_reads ? params.planes : 1) {}

TimePs Die::add(TimePs now, TimePs ready, TimePs length, Work work, std::uint64_t stripe,
                std::uint32_t planes) {
    forget(now);
    for (const Lane& lane : lanes_) ready = std::max(ready, lane.free);
    if (!jobs_.empty()) ready = std::max(ready, jobs_.back().end);
    jobs_.push_back({ready, later(ready, length), stripe, planes, 0, work});
    free_at_ = std::max(free_at_, jobs_.back().end);
    return ready;
}

TimePs Die::accepts() {
    if (jobs_.empty()) return 0;
    return cached_ ? jobs_.back().begin : jobs_.back().end;
}

bool Die::suspends(const Job& job) const {
    if (job.passed >= suspend_limit_) return false;
    return (job.work == Work::kErase && suspend_ != Suspend::kNone) ||
           (job.work == Work::kProgram && suspend_ == Suspend::kAll);
}

/// When a read of `length` begins that could do so at `ready`.
TimePs Die::admit(TimePs ready, TimePs length) {
    ready = std::max(ready, suspended_);
    for (std::size_t i = 0; i != jobs_.size(); ++i) {
        const Job& job = jobs_[i];
        if (job.end <= ready) continue;
        if (job.begin >= ready) {
            const bool passes = job.passed < suspend_limit_ || later(ready, length) <= job.begin;
            if (passes) return ready;
        } else if (suspends(job)) {
            return suspended_ = std::min(job.end, later(ready, suspend_time_));
        }
        ready = job.end;
    }
    return ready;
}

/// The register has these planes, and no work has used it since.
bool Die::holds(const Lane& lane, TimePs ready, std::uint64_t stripe, std::uint32_t planes) {
    if (lane.stripe != stripe || (planes & ~lane.planes) != 0 || over_ > lane.loaded) return false;
    for (std::size_t i = 0; i != jobs_.size(); ++i)
        if (jobs_[i].end > lane.loaded && jobs_[i].begin < ready) return false;
    return true;
}

Die::Read Die::read(TimePs now, TimePs ready, TimePs length, unsigned at, std::uint64_t stripe,
                    std::uint32_t planes, bool again) {
    forget(now);
    Lane& lane = lanes_[at];
    if (!again && holds(lane, ready, stripe, planes)) {
        const TimePs there = std::max(ready, lane.loaded);
        return {there, there};
    }
    const TimePs begin = admit(std::max(ready, lane.free), length);
    TimePs loaded = later(begin, length);
    // A page moves on into the cache register when what was there before has left it.
    if (cached_) loaded = std::max(loaded, lane.sent);
    lane.stripe = stripe;
    lane.planes = planes;
    lane.loaded = loaded;
    return {begin, loaded};
}

TimePs Die::transferred(const Read& read, TimePs end, unsigned at) {
    Lane& lane = lanes_[at];
    lane.sent = std::max(lane.sent, end);
    lane.free = std::max(lane.free, cached_ ? read.loaded : end);
    delay(read.begin, lane.free);
    free_at_ = std::max(free_at_, jobs_.empty() ? end : std::max(end, jobs_.back().end));
    return lane.free;
}

/// The die reads during [begin, end): work that is going on then goes on afterwards, and what has
/// not begun begins later.
void Die::delay(TimePs begin, TimePs end) {
    if (begin >= end) return;
    bool first = true;
    for (std::size_t i = 0; i != jobs_.size(); ++i) {
        Job& job = jobs_[i];
        if (job.end <= begin) continue;
        if (job.begin >= end) return;
        const TimePs rest = job.end - std::max(job.begin, begin);
        job.begin = end;
        job.end = end = later(end, rest);
        if (first) ++job.passed;
        first = false;
    }
}

bool Die::is_programming(TimePs now, std::uint64_t stripe, std::uint32_t planes) {
    for (std::size_t i = 0; i != jobs_.size(); ++i) {
        const Job& job = jobs_[i];
        if (job.end > now && job.stripe == stripe && (planes & ~job.planes) == 0 &&
            job.work == Work::kProgram)
            return true;
    }
    return false;
}

void Die::clear() {
    jobs_.clear();
    over_ = suspended_ = free_at_ = 0;
    std::fill(lanes_.begin(), lanes_.end(), Lane{});
}

}  // namespace media
