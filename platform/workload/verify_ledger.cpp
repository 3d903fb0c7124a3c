// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/verify_ledger.h"

#include <algorithm>
#include <numeric>

#include "platform/workload/verify_block.h"

namespace platform {

std::uint32_t VerifyLedger::unit_of(const Job& job) {
    if (job.verify_interval != 0) return job.verify_interval;
    std::uint64_t unit = 0;
    for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim}) {
        const std::size_t direction = index_of(op);
        if (!job.pattern.uses(op)) continue;
        // All sizes are multiples of the smallest, but for the largest.
        for (const std::uint64_t size :
             {std::uint64_t{job.block_size[direction]}, std::uint64_t{job.largest_block(op)},
              std::uint64_t{job.align[direction]}})
            unit = std::gcd(unit, size);
    }
    const auto step = job.sequential_step < 0 ? -job.sequential_step : job.sequential_step;
    unit = std::gcd(unit, static_cast<std::uint64_t>(step));
    for (const std::uint64_t zone : {job.zone_range, job.zone_skip}) unit = std::gcd(unit, zone);
    return static_cast<std::uint32_t>(unit);
}

bool VerifyLedger::fits(std::uint64_t size, std::uint32_t unit) {
    constexpr std::uint64_t max_units = std::uint64_t{1} << 28;
    return size / unit <= max_units;
}

VerifyLedger::VerifyLedger(const JobInstance& instance)
    : offset_(instance.offset),
      tag_(instance.seed),
      unit_(unit_of(instance.job)),
      format_{instance.job.verify_kind, instance.job.verify_pattern},
      states_(instance.size / unit_) {}

VerifyLedger::Range VerifyLedger::range_of(const IoRequest& request) const {
    const std::size_t first = (request.offset - offset_) / unit_;
    return {first, first + request.length / unit_};
}

bool VerifyLedger::begin(const IoRequest& request) {
    const Range range = range_of(request);
    const bool reads = request.op == Op::kRead;
    const State too_much = reads ? kMaxReaders : kOneReader;
    for (std::size_t i = range.first; i < range.last; ++i) {
        if (states_[i] >= too_much) return false;
    }
    const State mark = reads ? kOneReader : kWriting;
    for (std::size_t i = range.first; i < range.last; ++i) states_[i] += mark;
    return true;
}

void VerifyLedger::end(const IoRequest& request, bool success) {
    const Range range = range_of(request);
    for (std::size_t i = range.first; i < range.last; ++i) {
        if (request.op == Op::kRead)
            states_[i] -= kOneReader;
        else
            states_[i] = success && request.op == Op::kWrite ? generation_of(request.sequence) : 0;
    }
}

void VerifyLedger::fill(void* buffer, const IoRequest& request) const {
    auto* bytes = static_cast<unsigned char*>(buffer);
    for (std::uint32_t at = 0; unit_ <= request.length - at; at += unit_) {
        make_verify_block(bytes + at, unit_, request.offset + at, request.sequence, tag_, format_);
    }
}

std::optional<std::string> VerifyLedger::check(const void* buffer, const IoRequest& request) const {
    const auto* bytes = static_cast<const unsigned char*>(buffer);
    const std::size_t first = range_of(request).first;
    for (std::uint32_t at = 0; unit_ <= request.length - at; at += unit_) {
        const State expected = states_[first + at / unit_] & kGenerationMask;
        if (expected == 0) continue;
        const std::uint64_t offset = request.offset + at;
        if (format_.kind == VerifyKind::kNull) continue;
        if (format_.kind == VerifyKind::kPattern) {
            if (auto problem = check_pattern(bytes + at, unit_, unit_, offset, format_))
                return problem;
            continue;
        }
        const VerifiedBlock block = check_verify_block(bytes + at, unit_, offset, format_);
        if (!block.header) return block.problem;
        const std::string where = "offset " + std::to_string(offset) + ": ";
        if (block.header->length != unit_) {
            return where + "the header gives a length of " + std::to_string(block.header->length) +
                   " bytes, expected " + std::to_string(unit_);
        }
        if (block.header->tag != tag_) return where + "holds data that another job wrote";
        if (generation_of(block.header->sequence) != expected) {
            return where + "is stale: it holds the data of request " +
                   std::to_string(block.header->sequence) + ", a later one overwrote it";
        }
    }
    return std::nullopt;
}

VerifyLedger::Extent VerifyLedger::next_written(std::uint64_t offset,
                                                std::uint32_t max_length) const {
    const auto written = [](State state) { return (state & kGenerationMask) != 0; };
    const std::uint64_t skip = std::min<std::uint64_t>((offset - offset_) / unit_, states_.size());
    const auto first =
        std::find_if(states_.begin() + static_cast<std::ptrdiff_t>(skip), states_.end(), written);
    const auto limit = std::min<std::ptrdiff_t>(states_.end() - first, max_length / unit_);
    const auto last = std::find_if_not(first, first + limit, written);
    return {offset_ + static_cast<std::uint64_t>(first - states_.begin()) * unit_,
            static_cast<std::uint32_t>(last - first) * unit_};
}

}  // namespace platform
