// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/util/time.h"
#include "models/util/wide.h"

namespace observe {

/// Latencies in ps, in buckets whose width is 1/64 of their value: a percentile is within 1/64 of
/// the exact one over the whole range of 64 bits. Minimum, maximum, mean and count are exact. Takes
/// 512 bytes for each power of two between the shortest and the longest, 30 KiB at most.
class LatencyHistogram {
public:
    void record(util::TimePs latency);
    void merge(const LatencyHistogram& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// Memory that the buckets take.
    [[nodiscard]] std::size_t bytes() const { return buckets_.size() * sizeof buckets_[0]; }
    /// 0 when nothing was recorded; this holds for all figures below.
    [[nodiscard]] util::TimePs min() const { return count_ == 0 ? 0 : min_; }
    [[nodiscard]] util::TimePs max() const { return max_; }
    [[nodiscard]] util::TimePs mean() const;
    /// Nearest rank: the smallest recorded latency that `percent` of all latencies do not exceed.
    /// percent is clamped to 0..100.
    [[nodiscard]] util::TimePs percentile(double percent) const;
    /// Standard deviation in ps, as exact as the buckets are.
    [[nodiscard]] double deviation() const;
    /// Calls bucket(latency in its middle, count) for each that is not empty, in ascending order.
    template <typename Bucket>
    void for_each(Bucket bucket) const {
        for (std::size_t i = 0; i < buckets_.size(); ++i)
            if (buckets_[i] != 0) bucket(middle_of(first_ + i), buckets_[i]);
    }

private:
    static constexpr unsigned kSubBits = 6;
    static constexpr std::size_t kSubBuckets = std::size_t{1} << kSubBits;

    [[nodiscard]] static std::size_t bucket_of(util::TimePs latency);
    [[nodiscard]] static util::TimePs middle_of(std::size_t bucket);
    void widen(std::size_t bucket);

    std::size_t first_ = 0;               // bucket; a multiple of kSubBuckets, as the size
    std::vector<std::uint64_t> buckets_;  // from that one on
    std::uint64_t count_ = 0;
    util::TimePs min_ = util::kNever;
    util::TimePs max_ = 0;
    util::UInt128 sum_ = 0;
};

}  // namespace observe
