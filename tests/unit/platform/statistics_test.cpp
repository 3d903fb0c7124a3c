// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "platform/workload/random.h"

namespace platform {
namespace {

constexpr std::uint64_t kPerMille[] = {0, 10, 500, 900, 990, 999, 1000};

util::TimePs nearest_rank(const std::vector<util::TimePs>& sorted, std::uint64_t per_mille) {
    const std::uint64_t rank = (per_mille * sorted.size() + 999) / 1000;
    return sorted[rank == 0 ? 0 : rank - 1];
}

void expect_near_reference(std::vector<util::TimePs> values) {
    const auto histogram = std::make_unique<LatencyHistogram>();
    for (const util::TimePs value : values) histogram->record(value);
    std::sort(values.begin(), values.end());
    EXPECT_EQ(histogram->count(), values.size());
    EXPECT_EQ(histogram->min(), values.front());
    EXPECT_EQ(histogram->max(), values.back());
    for (const std::uint64_t per_mille : kPerMille) {
        const auto exact = static_cast<double>(nearest_rank(values, per_mille));
        const auto found =
            static_cast<double>(histogram->percentile(static_cast<double>(per_mille) / 10.0));
        EXPECT_LE(std::abs(found - exact), exact / 64.0)
            << per_mille << " per mille of " << values.size();
    }
}

TEST(LatencyHistogram, PercentilesStayWithinOneSixtyFourthOfASortedReference) {
    RandomStream random{5};
    for (const std::size_t count : {1u, 2u, 3u, 10u, 100u, 5000u}) {
        for (const unsigned bits : {4u, 12u, 24u, 40u, 64u}) {
            std::vector<util::TimePs> values;
            // A random shift spreads the values over all magnitudes, as real latencies are.
            for (std::size_t i = 0; i < count; ++i) {
                values.push_back(random.next() >> (64 - bits) >> random.below(bits));
            }
            expect_near_reference(values);
        }
    }
}

TEST(LatencyHistogram, SmallValuesAndTheMeanAreExact) {
    LatencyHistogram histogram;
    for (util::TimePs value = 1; value <= 100; ++value) histogram.record(value);
    EXPECT_EQ(histogram.mean(), 50u);
    for (unsigned percent = 1; percent <= 100; ++percent) {
        EXPECT_EQ(histogram.percentile(percent), percent);
    }
}

TEST(LatencyHistogram, ValuesAtTheEndsOfTheRangeAreCountedAndDoNotOverflowTheMean) {
    LatencyHistogram histogram;
    histogram.record(~0ull);
    histogram.record(~0ull);
    EXPECT_EQ(histogram.mean(), ~0ull);
    EXPECT_EQ(histogram.percentile(50), ~0ull);
    histogram.record(0);
    EXPECT_EQ(histogram.min(), 0u);
    EXPECT_EQ(histogram.percentile(1), 0u);
    EXPECT_EQ(histogram.percentile(-5), 0u);
    EXPECT_EQ(histogram.percentile(500), ~0ull);
}

TEST(LatencyHistogram, WithoutSamplesEveryFigureIsZero) {
    const LatencyHistogram histogram;
    EXPECT_EQ(histogram.min(), 0u);
    EXPECT_EQ(histogram.max(), 0u);
    EXPECT_EQ(histogram.mean(), 0u);
    EXPECT_EQ(histogram.percentile(99), 0u);
}

/// Before, it took 30 KiB, and a stream with all its operations 240: with 64 streams, more than a
/// processor's cache holds.
TEST(LatencyHistogram, TakesMemoryForTheLatenciesThatOccurAlone) {
    LatencyHistogram histogram, other;
    for (util::TimePs ps = 10'000'000; ps <= 80'000'000; ps += 1000) histogram.record(ps);
    EXPECT_LE(histogram.bytes(), 5u * 512);
    other.merge(histogram);
    EXPECT_EQ(other.bytes(), histogram.bytes());
    histogram.record(1);
    histogram.record(~0ull);
    EXPECT_EQ(histogram.percentile(0), 1u);
    EXPECT_LE(histogram.bytes(), 30u * 1024);
    EXPECT_LT(sizeof(IoStatistics), 1024u);
}

TEST(IoStatistics, RatesAreOverTheTimeFromFirstIssueToLastCompletion) {
    IoStatistics statistics;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const util::TimePs issued = util::kPsPerS + i * util::kPsPerMs;
        statistics.record(Op::kRead, 4096, issued, issued + util::kPsPerMs);
    }
    EXPECT_EQ(statistics.duration(), util::kPsPerS);
    EXPECT_DOUBLE_EQ(statistics.iops(Op::kRead), 1000.0);
    EXPECT_DOUBLE_EQ(statistics.bytes_per_second(Op::kRead), 4'096'000.0);
    EXPECT_DOUBLE_EQ(statistics.iops(Op::kWrite), 0.0);
}

TEST(IoStatistics, WithoutTimeRatesAreZeroAndNotInfinite) {
    IoStatistics statistics;
    EXPECT_DOUBLE_EQ(statistics.iops(Op::kRead), 0.0);
    statistics.record(Op::kRead, 512, 5, 5);
    EXPECT_DOUBLE_EQ(statistics.iops(Op::kRead), 0.0);
    EXPECT_EQ(statistics.of(Op::kRead).latency.count(), 1u);
}

TEST(IoStatistics, MergingEqualsRecordingInOne) {
    RandomStream random{3};
    const auto all = std::make_unique<IoStatistics>();
    const auto first = std::make_unique<IoStatistics>();
    const auto second = std::make_unique<IoStatistics>();
    for (int i = 0; i < 1000; ++i) {
        const Op op = static_cast<Op>(random.below(kOpCount));
        const util::TimePs issued = random.below(1'000'000);
        const util::TimePs completed = issued + random.below(1'000'000);
        IoStatistics& part = i % 3 == 0 ? *first : *second;
        if (random.below(10) == 0) {
            all->record_error(op, issued, completed);
            part.record_error(op, issued, completed);
        } else {
            all->record(op, 512, issued, completed);
            part.record(op, 512, issued, completed);
        }
    }
    first->merge(*second);
    EXPECT_EQ(first->to_json(), all->to_json());
    EXPECT_EQ(first->errors(), all->errors());
    EXPECT_GT(all->errors(), 0u);
}

TEST(IoStatistics, JsonHasTheDocumentedMembersForOperationsThatOccurred) {
    IoStatistics statistics;
    statistics.record(Op::kWrite, 4096, 0, 2000);
    statistics.record_error(Op::kFlush, 0, 4000);
    const nlohmann::ordered_json json = statistics.to_json();
    EXPECT_EQ(json["duration_ps"], 4000);
    EXPECT_FALSE(json.contains("read"));
    EXPECT_EQ(json["flush"]["errors"], 1);
    EXPECT_EQ(json["write"]["ios"], 1);
    EXPECT_EQ(json["write"]["bytes"], 4096);
    EXPECT_DOUBLE_EQ(json["write"]["iops"].get<double>(), 2.5e8);
    for (const char* key : {"min", "mean", "p50", "p90", "p99", "p99.9", "max"}) {
        EXPECT_EQ(json["write"]["latency_ps"][key], 2000) << key;
    }
}

TEST(IoStatistics, TheTableHasOneLinePerOperationAndFixedColumns) {
    IoStatistics statistics;
    statistics.record(Op::kRead, 1 << 20, 0, util::kPsPerMs);
    statistics.record_error(Op::kTrim, 0, util::kPsPerS);
    const std::string table =
        format_statistics({{"short", &statistics}, {std::string(100, 'n'), &statistics}});
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < table.size();) {
        const std::size_t end = table.find('\n', at);
        lines.push_back(table.substr(at, end - at));
        at = end + 1;
    }
    ASSERT_EQ(lines.size(), 5u);
    for (const std::string& line : lines) EXPECT_EQ(line.size(), lines[0].size());
    EXPECT_NE(lines[1].find("read"), std::string::npos);
    EXPECT_NE(lines[1].find(" 1.0 "), std::string::npos);
    EXPECT_NE(lines[1].find("1.00ms"), std::string::npos);
    EXPECT_NE(lines[2].find("trim"), std::string::npos);
}

TEST(FormatTime, HasThreeDigitsAndTheFittingUnit) {
    EXPECT_EQ(format_time(0), "0ps");
    EXPECT_EQ(format_time(999), "999ps");
    EXPECT_EQ(format_time(1000), "1.00ns");
    EXPECT_EQ(format_time(12'345'678), "12.3us");
    EXPECT_EQ(format_time(999'400'000), "999us");
    EXPECT_EQ(format_time(1'050 * util::kPsPerUs), "1.05ms");
    EXPECT_EQ(format_time(9'999 * util::kPsPerUs), "10.0ms");
    EXPECT_EQ(format_time(120 * util::kPsPerS), "120s");
}

}  // namespace
}  // namespace platform
