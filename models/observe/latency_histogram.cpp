// SPDX-License-Identifier: Apache-2.0
#include "models/observe/latency_histogram.h"

#include <algorithm>
#include <cmath>

namespace observe {

std::size_t LatencyHistogram::bucket_of(util::TimePs latency) {
    if (latency < kSubBuckets) return latency;
    const unsigned top_bit = 63u - static_cast<unsigned>(__builtin_clzll(latency));
    const unsigned shift = top_bit - kSubBits;
    return (shift * kSubBuckets) + (latency >> shift);
}

util::TimePs LatencyHistogram::middle_of(std::size_t bucket) {
    if (bucket < 2 * kSubBuckets) return bucket;
    const std::size_t shift = bucket / kSubBuckets - 1;
    const util::TimePs lowest = util::TimePs{bucket - shift * kSubBuckets} << shift;
    return lowest + (util::TimePs{1} << (shift - 1));
}

/// So that there is a count for `bucket`.
void LatencyHistogram::widen(std::size_t bucket) {
    const std::size_t from = bucket / kSubBuckets * kSubBuckets;
    if (buckets_.empty()) first_ = from;
    if (from < first_) {
        buckets_.insert(buckets_.begin(), first_ - from, 0);
        first_ = from;
    } else if (from - first_ >= buckets_.size()) {
        buckets_.resize(from - first_ + kSubBuckets);
    }
}

void LatencyHistogram::record(util::TimePs latency) {
    const std::size_t bucket = bucket_of(latency);
    if (bucket < first_ || bucket - first_ >= buckets_.size()) widen(bucket);
    ++buckets_[bucket - first_];
    ++count_;
    sum_ += latency;
    min_ = std::min(min_, latency);
    max_ = std::max(max_, latency);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
    if (other.count_ == 0) return;
    widen(other.first_);
    widen(other.first_ + other.buckets_.size() - 1);
    std::uint64_t* const to = buckets_.data() + (other.first_ - first_);
    for (std::size_t i = 0; i < other.buckets_.size(); ++i) to[i] += other.buckets_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
}

util::TimePs LatencyHistogram::mean() const {
    return count_ == 0 ? 0 : static_cast<util::TimePs>(sum_ / count_);
}

util::TimePs LatencyHistogram::percentile(double percent) const {
    if (count_ == 0) return 0;
    const double exact = std::clamp(percent, 0.0, 100.0) * static_cast<double>(count_) / 100.0;
    // 99.9 has no exact representation: a product just above a whole rank is meant to be that rank.
    const double rounded = std::ceil(exact * (1.0 - 1e-12));
    const auto rank = static_cast<std::uint64_t>(rounded);
    if (rank <= 1) return min_;
    if (rank >= count_) return max_;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        seen += buckets_[i];
        if (seen >= rank) return std::clamp(middle_of(first_ + i), min_, max_);
    }
    return max_;
}

double LatencyHistogram::deviation() const {
    if (count_ < 2) return 0;
    const auto centre = static_cast<double>(mean());
    double sum = 0;
    for_each([&](util::TimePs middle, std::uint64_t count) {
        const double distance = static_cast<double>(middle) - centre;
        sum += distance * distance * static_cast<double>(count);
    });
    return std::sqrt(sum / static_cast<double>(count_ - 1));
}

}  // namespace observe
