// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "platform/workload/io_request.h"
#include "platform/workload/random.h"

namespace platform {

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
    UInt128 sum_ = 0;
};

/// What one job (or all of them, after merge) did, by operation, over simulated time. Recording
/// allocates nothing but for latencies of a new order.
class IoStatistics {
public:
    struct PerOp {
        std::uint64_t bytes = 0;   ///< of requests that succeeded
        std::uint64_t errors = 0;  ///< requests that failed; they have no latency
        LatencyHistogram latency;  ///< of requests that succeeded
    };

    /// A request that was issued at `issued` and completed at `completed`, both in simulated ps.
    void record(Op op, std::uint64_t bytes, util::TimePs issued, util::TimePs completed);
    void record_error(Op op, util::TimePs issued, util::TimePs completed);
    /// Adds what another job did. Rates are then over the time from the first issue of either to
    /// the last completion of either, as in fio's group reporting.
    void merge(const IoStatistics& other);

    [[nodiscard]] const PerOp& of(Op op) const { return ops_[index_of(op)]; }
    [[nodiscard]] std::uint64_t errors() const;
    /// First issue to last completion. 0 when nothing was recorded.
    [[nodiscard]] util::TimePs duration() const { return begin_ > end_ ? 0 : end_ - begin_; }
    /// Successful requests per simulated second. 0 when no time passed.
    [[nodiscard]] double iops(Op op) const;
    [[nodiscard]] double bytes_per_second(Op op) const;

    /// {"duration_ps", "read": {"ios", "bytes", "errors", "iops", "bytes_per_s", "latency_ps": {
    /// "min", "mean", "p50", "p90", "p99", "p99.9", "max"}}, ...}; only operations that occurred.
    [[nodiscard]] nlohmann::ordered_json to_json() const;

private:
    void extend(util::TimePs issued, util::TimePs completed);

    std::array<PerOp, kOpCount> ops_;
    util::TimePs begin_ = util::kNever;
    util::TimePs end_ = 0;
};

/// One line of the final table for every operation that occurred.
struct StatisticsRow {
    std::string name;
    const IoStatistics* statistics = nullptr;
};

/// A text table with fixed columns: name, operation, requests, errors, IOPS, MiB/s, latencies.
[[nodiscard]] std::string format_statistics(const std::vector<StatisticsRow>& rows);

/// Three significant digits with a fitting unit: "850ns", "12.4us", "1.05ms", "2.00s".
[[nodiscard]] std::string format_time(util::TimePs time);

}  // namespace platform
