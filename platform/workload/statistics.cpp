// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include <nlohmann/json.hpp>

#include "models/util/text_table.h"

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

nlohmann::ordered_json latency_json(const LatencyHistogram& latency) {
    nlohmann::ordered_json json{{"min", latency.min()}, {"mean", latency.mean()}};
    for (const auto& [name, percent] : kPercentiles) json[name] = latency.percentile(percent);
    json["max"] = latency.max();
    return json;
}

void IoStatistics::extend(util::TimePs issued, util::TimePs completed) {
    begin_ = std::min(begin_, std::max(issued, earliest_));
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
        nlohmann::ordered_json& entry = result[std::string{name_of(op)}];
        entry["ios"] = counters.latency.count();
        entry["bytes"] = counters.bytes;
        entry["errors"] = counters.errors;
        entry["iops"] = iops(op);
        entry["bytes_per_s"] = bytes_per_second(op);
        entry["latency_ps"] = latency_json(counters.latency);
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
    constexpr std::size_t kLongestName = 32;
    const auto number = [](double value, int decimals) {
        char text[400];
        std::snprintf(text, sizeof text, "%.*f", decimals, value);
        return std::string(text);
    };
    util::TextTable table(2);
    table.add({"job", "op", "requests", "errors", "IOPS", "MiB/s", "min", "mean", "p50", "p90",
               "p99", "p99.9", "max"});
    for (const StatisticsRow& row : rows) {
        for (std::size_t i = 0; i < kOpCount; ++i) {
            const Op op = static_cast<Op>(i);
            const IoStatistics::PerOp& counters = row.statistics->of(op);
            const LatencyHistogram& latency = counters.latency;
            if (latency.count() == 0 && counters.errors == 0) continue;
            table.add({row.name.substr(0, kLongestName), std::string(name_of(op)),
                       std::to_string(latency.count()), std::to_string(counters.errors),
                       number(row.statistics->iops(op), 0),
                       number(row.statistics->bytes_per_second(op) / (1024.0 * 1024.0), 1),
                       format_time(latency.min()), format_time(latency.mean()),
                       format_time(latency.percentile(50.0)), format_time(latency.percentile(90.0)),
                       format_time(latency.percentile(99.0)), format_time(latency.percentile(99.9)),
                       format_time(latency.max())});
        }
    }
    return table.text();
}

}  // namespace platform
