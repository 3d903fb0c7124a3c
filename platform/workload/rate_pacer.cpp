// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/rate_pacer.h"

#include <algorithm>

#include "platform/workload/portable_math.h"

namespace platform {

namespace {

/// After `amount` at `rate` per second, since `begin`. 0 per second: at once.
util::TimePs after(std::uint64_t amount, std::uint64_t rate, util::TimePs begin) {
    if (rate == 0) return 0;
    // Counted from the beginning, not added up: no rounding error accumulates.
    const UInt128 due = UInt128{amount} * util::kPsPerS / rate + begin;
    return due > util::kNever ? util::kNever : static_cast<util::TimePs>(due);
}

}  // namespace

RatePacer::RatePacer(const Job& job, std::uint64_t seed)
    : poisson_(job.poisson),
      both_(job.pattern.mixed() && job.read_percent > 0 && job.read_percent < 100),
      random_(seed) {
    for (std::size_t i = 0; i < directions_.size(); ++i) {
        directions_[i].requests_per_s = job.rate_iops[i];
        directions_[i].bytes_per_s = job.rate_bytes[i];
    }
}

util::TimePs RatePacer::due(Op op) const {
    const Direction& direction = directions_[index_of(op)];
    if (poisson_) return direction.drawn;
    return std::max(after(direction.requests, direction.requests_per_s, direction.begin),
                    after(direction.bytes, direction.bytes_per_s, direction.begin));
}

Op RatePacer::give_way(Op drawn, util::TimePs now) const {
    if (!both_) return drawn;
    const Op other = drawn == Op::kRead ? Op::kWrite : Op::kRead;
    return due(drawn) > now && due(other) < due(drawn) ? other : drawn;
}

void RatePacer::issued(Op op, std::uint32_t bytes) {
    Direction& direction = directions_[index_of(op)];
    ++direction.requests;
    direction.bytes += bytes;
    if (poisson_)
        direction.drawn += std::min(pause(direction, bytes), util::kNever - direction.drawn);
}

/// From an exponential distribution whose mean is what the rate allows for a request.
util::TimePs RatePacer::pause(const Direction& direction, std::uint32_t bytes) {
    const util::TimePs mean =
        std::max(after(1, direction.requests_per_s, 0), after(bytes, direction.bytes_per_s, 0));
    const double uniform = (static_cast<double>(random_.next() >> 11) + 0.5) * 0x1p-53;
    const double pause = -portable_log(uniform) * static_cast<double>(mean);
    constexpr double kMost = 0x1p63;
    return static_cast<util::TimePs>(std::min(pause, kMost));
}

void RatePacer::begin_loop(util::TimePs now) {
    for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim}) {
        Direction& direction = directions_[index_of(op)];
        direction.begin = std::max(now, due(op));
        if (poisson_) direction.drawn = direction.begin;
        direction.requests = direction.bytes = 0;
    }
}

}  // namespace platform
