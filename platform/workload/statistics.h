// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "models/observe/latency_histogram.h"
#include "platform/workload/io_request.h"
#include "platform/workload/random.h"

namespace platform {

using observe::LatencyHistogram;

/// {"min", "mean", "p50", "p90", "p99", "p99.9", "max"}, in ps.
[[nodiscard]] nlohmann::ordered_json latency_json(const LatencyHistogram& latency);

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
    /// Rates are not over what lies before this, whatever was issued then.
    void begin_at(util::TimePs begin) { earliest_ = begin; }
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
    util::TimePs earliest_ = 0;
    util::TimePs begin_ = util::kNever;
    util::TimePs end_ = 0;
};

/// One line of the final table for every operation that occurred.
struct StatisticsRow {
    std::string name;
    const IoStatistics* statistics = nullptr;
};

/// A text table: name, operation, requests, errors, IOPS, MiB/s, latencies.
[[nodiscard]] std::string format_statistics(const std::vector<StatisticsRow>& rows);

/// Three significant digits with a fitting unit: "850ns", "12.4us", "1.05ms", "2.00s".
[[nodiscard]] std::string format_time(util::TimePs time);

}  // namespace platform
