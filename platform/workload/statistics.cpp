// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

namespace platform {

namespace {

constexpr std::array<std::pair<const char*, double>, 4> kPercentiles{
    {{"p50", 50.0}, {"p90", 90.0}, {"p99", 99.0}, {"p99.9", 99.9}}};

double per_second(std::uint64_t amount, util::TimePs duration) {
    if (duration == 0) return 0.0;
    return static_cast<double>(amount) * static_cast<double>(util::kPsPerS) /
           static_cast<double>(duration);
}

}  // namespace

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

void IoStatistics::extend(util::TimePs issued, util::TimePs completed) {
    begin_ = std::min(begin_, issued);
    end_ = std::max(end_, completed);
}

void IoStatistics::record(Op op, std::uint64_t bytes, util::TimePs issued, util::TimePs completed) {
    extend(issued, completed);
    PerOp& counters = ops_[index_of(op)];
    counters.bytes += bytes;
    counters.latency.record(completed > issued ? completed - issued : 0);
}

void IoStatistics::record_error(Op op, util::TimePs issued, util::TimePs completed) {
    extend(issued, completed);
    ++ops_[index_of(op)].errors;
}

void IoStatistics::merge(const IoStatistics& other) {
    for (std::size_t i = 0; i < kOpCount; ++i) {
        ops_[i].bytes += other.ops_[i].bytes;
        ops_[i].errors += other.ops_[i].errors;
        ops_[i].latency.merge(other.ops_[i].latency);
    }
    begin_ = std::min(begin_, other.begin_);
    end_ = std::max(end_, other.end_);
}

std::uint64_t IoStatistics::errors() const {
    std::uint64_t sum = 0;
    for (const PerOp& counters : ops_) sum += counters.errors;
    return sum;
}

double IoStatistics::iops(Op op) const {
    return per_second(of(op).latency.count(), duration());
}

double IoStatistics::bytes_per_second(Op op) const {
    return per_second(of(op).bytes, duration());
}

nlohmann::ordered_json IoStatistics::to_json() const {
    nlohmann::ordered_json result;
    result["duration_ps"] = duration();
    for (std::size_t i = 0; i < kOpCount; ++i) {
        const PerOp& counters = ops_[i];
        if (counters.latency.count() == 0 && counters.errors == 0) continue;
        const Op op = static_cast<Op>(i);
        nlohmann::ordered_json latency;
        latency["min"] = counters.latency.min();
        latency["mean"] = counters.latency.mean();
        for (const auto& [name, percent] : kPercentiles) {
            latency[name] = counters.latency.percentile(percent);
        }
        latency["max"] = counters.latency.max();
        nlohmann::ordered_json& entry = result[std::string{name_of(op)}];
        entry["ios"] = counters.latency.count();
        entry["bytes"] = counters.bytes;
        entry["errors"] = counters.errors;
        entry["iops"] = iops(op);
        entry["bytes_per_s"] = bytes_per_second(op);
        entry["latency_ps"] = std::move(latency);
    }
    return result;
}

std::string format_time(util::TimePs time) {
    constexpr std::array<std::pair<util::TimePs, const char*>, 4> units{{{util::kPsPerS, "s"},
                                                                         {util::kPsPerMs, "ms"},
                                                                         {util::kPsPerUs, "us"},
                                                                         {util::kPsPerNs, "ns"}}};
    char text[32];
    for (const auto& [size, name] : units) {
        if (time < size) continue;
        const double value = static_cast<double>(time) / static_cast<double>(size);
        const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        std::snprintf(text, sizeof(text), "%.*f%s", decimals, value, name);
        return text;
    }
    std::snprintf(text, sizeof(text), "%ups", static_cast<unsigned>(time));
    return text;
}

std::string format_statistics(const std::vector<StatisticsRow>& rows) {
    std::size_t width = 4;
    for (const StatisticsRow& row : rows)
        width = std::max(width, std::min<std::size_t>(row.name.size(), 32));
    char line[256];
    std::snprintf(line, sizeof(line), "%-*s %-5s %10s %6s %10s %9s %8s %8s %8s %8s %8s %8s %8s\n",
                  static_cast<int>(width), "job", "op", "requests", "errors", "IOPS", "MiB/s",
                  "min", "mean", "p50", "p90", "p99", "p99.9", "max");
    std::string table = line;
    for (const StatisticsRow& row : rows) {
        for (std::size_t i = 0; i < kOpCount; ++i) {
            const Op op = static_cast<Op>(i);
            const IoStatistics::PerOp& counters = row.statistics->of(op);
            const LatencyHistogram& latency = counters.latency;
            if (latency.count() == 0 && counters.errors == 0) continue;
            std::snprintf(
                line, sizeof(line),
                "%-*.32s %-5s %10llu %6llu %10.0f %9.1f %8s %8s %8s %8s %8s %8s %8s\n",
                static_cast<int>(width), row.name.c_str(), name_of(op).data(),
                static_cast<unsigned long long>(latency.count()),
                static_cast<unsigned long long>(counters.errors), row.statistics->iops(op),
                row.statistics->bytes_per_second(op) / (1024.0 * 1024.0),
                format_time(latency.min()).c_str(), format_time(latency.mean()).c_str(),
                format_time(latency.percentile(50.0)).c_str(),
                format_time(latency.percentile(90.0)).c_str(),
                format_time(latency.percentile(99.0)).c_str(),
                format_time(latency.percentile(99.9)).c_str(), format_time(latency.max()).c_str());
            table += line;
        }
    }
    return table;
}

}  // namespace platform
