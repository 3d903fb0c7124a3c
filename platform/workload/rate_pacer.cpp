// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/rate_pacer.h"

#include <algorithm>

#include "platform/workload/random.h"

namespace platform {

RatePacer::RatePacer(const Job& job)
    : rates_(job.rate_iops),
      both_(job.pattern.mixed() && job.read_percent > 0 && job.read_percent < 100) {}

util::TimePs RatePacer::due(Op op) const {
    const std::size_t direction = index_of(op);
    const std::uint64_t rate = rates_[direction];
    if (rate == 0) return 0;
    // Counted from the beginning, not added up: no rounding error accumulates.
    const UInt128 due = UInt128{issued_[direction]} * util::kPsPerS / rate + begin_[direction];
    return due > util::kNever ? util::kNever : static_cast<util::TimePs>(due);
}

Op RatePacer::give_way(Op drawn, util::TimePs now) const {
    if (!both_) return drawn;
    const Op other = drawn == Op::kRead ? Op::kWrite : Op::kRead;
    return due(drawn) > now && due(other) < due(drawn) ? other : drawn;
}

void RatePacer::begin_loop(util::TimePs now) {
    for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim}) {
        begin_[index_of(op)] = std::max(now, due(op));
        issued_[index_of(op)] = 0;
    }
}

}  // namespace platform
