// SPDX-License-Identifier: Apache-2.0
#include "platform/runner/fio_json.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include <nlohmann/json.hpp>

namespace platform {

namespace {

using Json = nlohmann::ordered_json;
using Options = std::vector<std::pair<std::string, std::string>>;

constexpr double kPercentiles[] = {1,  5,  10, 20, 30,   40,   50,    60,   70,
                                   80, 90, 95, 99, 99.5, 99.9, 99.95, 99.99};

double in_ns(double ps) {
    return ps / static_cast<double>(util::kPsPerNs);
}

std::uint64_t in_ms(util::TimePs time) {
    return (time + util::kPsPerMs / 2) / util::kPsPerMs;
}

/// What an entry adds up.
struct Entry {
    const StreamResult* first = nullptr;
    IoStatistics io;
    std::uint64_t depth = 0;
};

std::vector<std::unique_ptr<Entry>> entries_of(const RunResult& result) {
    std::vector<std::unique_ptr<Entry>> entries;
    for (const auto& stream : result.streams) {
        if (!stream->reporting || !stream->reporting->stats) continue;
        const bool joins = stream->reporting->with_group && !entries.empty() &&
                           entries.back()->first->reporting->group == stream->reporting->group;
        if (!joins) {
            entries.push_back(std::make_unique<Entry>());
            entries.back()->first = stream.get();
        }
        entries.back()->io.merge(stream->io);
        entries.back()->io.merge(stream->read_back);  // to fio these are reads like any other
        entries.back()->depth = std::max<std::uint64_t>(entries.back()->depth, stream->depth);
    }
    return entries;
}

Json options_json(const Options& options) {
    Json json = Json::object();
    for (const auto& [key, value] : options) json[key] = value;
    return json;
}

Json latency_json(const LatencyHistogram& latency, bool empty) {
    if (empty) return {{"min", 0}, {"max", 0}, {"mean", 0.0}, {"stddev", 0.0}, {"N", 0}};
    return {{"min", latency.min() / util::kPsPerNs},
            {"max", latency.max() / util::kPsPerNs},
            {"mean", in_ns(static_cast<double>(latency.mean()))},
            {"stddev", in_ns(latency.deviation())},
            {"N", latency.count()}};
}

Json percentiles_json(const LatencyHistogram& latency, const std::vector<double>& wanted) {
    Json json = Json::object();
    const auto add = [&](double percent) {
        char name[32];
        std::snprintf(name, sizeof name, "%f", percent);
        json[name] = latency.percentile(percent) / util::kPsPerNs;
    };
    if (wanted.empty())
        std::for_each(std::begin(kPercentiles), std::end(kPercentiles), add);
    else
        std::for_each(wanted.begin(), wanted.end(), add);
    return json;
}

Json bins_json(const LatencyHistogram& latency) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> bins;  // several buckets are one ns
    latency.for_each([&](util::TimePs middle, std::uint64_t count) {
        const std::uint64_t ns = middle / util::kPsPerNs;
        if (bins.empty() || bins.back().first != ns) bins.emplace_back(ns, 0);
        bins.back().second += count;
    });
    Json json = Json::object();
    for (const auto& [ns, count] : bins) json[std::to_string(ns)] = count;
    return json;
}

Json direction_json(const Entry& entry, Op op, bool bins) {
    const IoStatistics::PerOp& counters = entry.io.of(op);
    const LatencyHistogram& latency = counters.latency;
    const bool none = latency.count() == 0;
    const double bytes_per_s = none ? 0.0 : entry.io.bytes_per_second(op);
    const double iops = none ? 0.0 : entry.io.iops(op);
    Json json{{"io_bytes", counters.bytes},
              {"io_kbytes", counters.bytes / 1024},
              {"bw_bytes", static_cast<std::uint64_t>(bytes_per_s)},
              {"bw", static_cast<std::uint64_t>(bytes_per_s / 1024)},
              {"iops", iops},
              {"runtime", none ? 0 : in_ms(entry.io.duration())},
              {"total_ios", latency.count()},
              {"short_ios", 0},
              {"drop_ios", 0},
              {"slat_ns", latency_json(latency, true)}};
    Json completion = latency_json(latency, none);
    if (!none)
        completion["percentile"] = percentiles_json(latency, entry.first->reporting->percentiles);
    if (!none && bins) completion["bins"] = bins_json(latency);
    json["clat_ns"] = std::move(completion);
    json["lat_ns"] = latency_json(latency, none);
    if (!none && entry.first->reporting->lat_percentiles)
        json["lat_ns"]["percentile"] =
            percentiles_json(latency, entry.first->reporting->percentiles);
    // The mean of a run is the only sample of its rates that the statistics keep.
    const double kib_per_s = bytes_per_s / 1024;
    for (const char* name : {"bw_min", "bw_max"})
        json[name] = static_cast<std::uint64_t>(kib_per_s);
    json["bw_agg"] = none ? 0.0 : 100.0;
    json["bw_mean"] = kib_per_s;
    json["bw_dev"] = 0.0;
    json["bw_samples"] = none ? 0 : 1;
    for (const char* name : {"iops_min", "iops_max"}) json[name] = static_cast<std::uint64_t>(iops);
    json["iops_mean"] = iops;
    json["iops_stddev"] = 0.0;
    json["iops_samples"] = none ? 0 : 1;
    return json;
}

/// In percent of all requests, by the first of `limits` (in ns) that a latency is below; the last
/// name is for what is above all of them.
Json distribution_json(const Entry& entry, double unit_ns, std::initializer_list<int> limits,
                       double from_ns, const char* above) {
    std::vector<std::uint64_t> counts(limits.size() + 1);
    std::uint64_t all = 0;
    for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim})
        entry.io.of(op).latency.for_each([&](util::TimePs middle, std::uint64_t count) {
            all += count;
            const double ns = in_ns(static_cast<double>(middle));
            if (ns < from_ns) return;
            std::size_t i = 0;
            for (const int limit : limits)
                if (ns >= limit * unit_ns) ++i;
            counts[i] += count;
        });
    Json json = Json::object();
    std::size_t i = 0;
    const auto percent = [&](std::uint64_t count) {
        return all == 0
                   ? 0.0
                   : std::round(static_cast<double>(count) * 1e8 / static_cast<double>(all)) / 1e6;
    };
    for (const int limit : limits) json[std::to_string(limit)] = percent(counts[i++]);
    if (above != nullptr) json[above] = percent(counts[i]);
    return json;
}

/// The level that the queue depth of the job allows stands for all of its requests.
Json levels_json(std::uint64_t depth, std::initializer_list<int> levels, const char* above) {
    Json json = Json::object();
    std::uint64_t best = 0;
    for (const int level : levels)
        if (static_cast<std::uint64_t>(level) <= depth) best = static_cast<std::uint64_t>(level);
    const bool beyond = depth >= 64;
    for (const int level : levels)
        json[std::to_string(level)] =
            !beyond && best == static_cast<std::uint64_t>(level) && depth != 0 ? 100.0 : 0.0;
    json[above] = beyond ? 100.0 : 0.0;
    return json;
}

/// The same, where each level is the most that it stands for.
Json bounds_json(std::uint64_t depth, std::initializer_list<int> bounds, const char* above) {
    Json json = Json::object();
    bool found = depth == 0;
    for (const int bound : bounds) {
        const bool here = !found && depth <= static_cast<std::uint64_t>(bound);
        json[std::to_string(bound)] = here ? 100.0 : 0.0;
        found = found || here;
    }
    json[above] = found ? 0.0 : 100.0;
    return json;
}

/// Simulated time begins at 0, and so does the calendar.
std::string calendar_text(util::TimePs time) {
    const auto seconds = static_cast<std::time_t>(time / util::kPsPerS);
    std::tm date{};
    gmtime_r(&seconds, &date);
    char text[64];
    std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &date);
    return text;
}

Json entry_json(const Entry& entry, bool bins) {
    const JobReporting& reporting = *entry.first->reporting;
    const LatencyHistogram& flushes = entry.io.of(Op::kFlush).latency;
    const std::uint64_t runtime = in_ms(entry.io.duration());
    Json json{{"jobname", reporting.job},
              {"groupid", reporting.group},
              {"error", entry.io.errors() == 0 ? 0 : 5},  // EIO
              {"eta", 0},
              {"elapsed", runtime / 1000 + 1},
              {"job options", options_json(*reporting.options)}};
    for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim})
        json[std::string{name_of(op)}] = direction_json(entry, op, bins);
    json["sync"] = {{"total_ios", flushes.count()},
                    {"lat_ns", latency_json(flushes, flushes.count() == 0)}};
    json["job_runtime"] = runtime;
    for (const char* name : {"usr_cpu", "sys_cpu"}) json[name] = 0.0;
    for (const char* name : {"ctx", "majf", "minf"}) json[name] = 0;
    json["iodepth_level"] = levels_json(entry.depth, {1, 2, 4, 8, 16, 32}, ">=64");
    for (const char* name : {"iodepth_submit", "iodepth_complete"})
        json[name] = bounds_json(entry.depth, {0, 4, 8, 16, 32, 64}, ">=64");
    constexpr double kUs = 1e3;
    constexpr double kMs = 1e6;
    json["latency_ns"] =
        distribution_json(entry, 1, {2, 4, 10, 20, 50, 100, 250, 500, 750, 1000}, 0, nullptr);
    json["latency_us"] =
        distribution_json(entry, kUs, {2, 4, 10, 20, 50, 100, 250, 500, 750, 1000}, kUs, nullptr);
    json["latency_ms"] = distribution_json(
        entry, kMs, {2, 4, 10, 20, 50, 100, 250, 500, 750, 1000, 2000}, kMs, ">=2000");
    json["latency_depth"] = entry.depth;
    json["latency_target"] = 0;
    json["latency_percentile"] = 100.0;
    json["latency_window"] = 0;
    return json;
}

}  // namespace

nlohmann::ordered_json fio_json(const RunResult& result, const Options& global_options, bool bins) {
    Json json{{"fio version", "fio-3.33"},
              {"timestamp", result.simulated / util::kPsPerS},
              {"timestamp_ms", result.simulated / util::kPsPerMs},
              {"time", calendar_text(result.simulated)},
              {"global options", options_json(global_options)},
              {"jobs", Json::array()}};
    for (const auto& entry : entries_of(result)) json["jobs"].push_back(entry_json(*entry, bins));
    json["disk_util"] = Json::array();
    return json;
}

}  // namespace platform
