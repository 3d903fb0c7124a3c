// SPDX-License-Identifier: Apache-2.0
#include "models/media/timing/fixed_timing.h"

#include <algorithm>
#include <stdexcept>

namespace media {
namespace {

using util::from_ns;
using util::later;
using util::TimePs;

}  // namespace

std::vector<std::string> validate(const FixedTimingParams& params) {
    util::ParamProblems problems;
    FixedTimingParams::visit(params, problems.check_ranges());
    problems.require("unit_bytes", params.unit_bytes, params.unit_bytes != 0, "must be at least 1");
    return problems.take();
}

FixedTiming::FixedTiming(const FixedTimingParams& params) : params_(params) {
    const std::vector<std::string> problems = validate(params);
    if (!problems.empty()) throw std::invalid_argument(problems.front());
    free_at_.resize(params_.units, 0);
}

MediaTiming::Span FixedTiming::schedule(TimePs start, const MediaRequest& request) {
    const std::uint64_t first = request.offset / params_.unit_bytes;
    const std::uint64_t operations =
        request.bytes / params_.unit_bytes + (request.bytes % params_.unit_bytes != 0 ? 1 : 0);
    switch (request.operation) {
        case MediaOperation::kRead:
            return occupy(start, first, operations, params_.read_ns);
        case MediaOperation::kProgram:
        case MediaOperation::kDestage:
            return occupy(start, first, operations, params_.program_ns);
        case MediaOperation::kCacheAccess:
            return {start, later(start, util::times(operations, from_ns(params_.cache_write_ns)))};
        case MediaOperation::kFlush:
            return {start, later(start, from_ns(params_.flush_ns))};
        case MediaOperation::kDeallocate:
            return occupy(start, first, std::min<std::uint64_t>(operations, params_.units),
                          params_.deallocate_ns);
    }
    return {start, start};
}

MediaTiming::Span FixedTiming::occupy(TimePs start, std::uint64_t first, std::uint64_t operations,
                                      std::uint64_t latency_ns) {
    const std::uint64_t units = params_.units;
    const std::uint64_t on_each = operations / units;
    const std::uint64_t one_more = operations % units;  // the first units get one more
    const std::uint64_t touched = std::min(operations, units);
    Span span{touched == 0 ? start : util::kNever, start};
    for (std::uint64_t i = 0; i < touched; ++i) {
        TimePs& free_at = free_at_[(first % units + i) % units];
        const TimePs busy = util::times(on_each + (i < one_more ? 1 : 0), from_ns(latency_ns));
        const TimePs begin = std::max(start, free_at);
        free_at = later(begin, busy);
        span.begin = std::min(span.begin, begin);
        span.end = std::max(span.end, free_at);
    }
    return span;
}

void FixedTiming::reset() {
    std::fill(free_at_.begin(), free_at_.end(), 0);
}

}  // namespace media
