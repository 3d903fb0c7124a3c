// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/offset_distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "platform/workload/portable_math.h"
#include "tests/unit/platform/workload_test_support.h"

namespace platform {
namespace {

using test::instance_of;

constexpr std::uint64_t kBlocks = 1000;
constexpr int kDraws = 200'000;

/// How often each block was drawn.
std::vector<int> counts_of(const std::string& distribution) {
    const JobInstance instance =
        instance_of("rw=randread\nsize=4000k\nrandom_distribution=" + distribution + "\n");
    const OffsetDraw draw{instance.job.distribution, 0, kBlocks, 4096, 1};
    RandomStream random{7};
    std::vector<int> counts(kBlocks);
    for (int i = 0; i < kDraws; ++i) ++counts.at(draw.draw(random));
    return counts;
}

double share(const std::vector<int>& counts, std::size_t first, std::size_t last) {
    double sum = 0;
    for (std::size_t i = first; i < last; ++i) sum += counts[i];
    return sum / kDraws;
}

std::vector<int> sorted(std::vector<int> counts) {
    std::sort(counts.begin(), counts.end(), std::greater<>{});
    return counts;
}

TEST(PortableMath, AgreesWithTheLibrary) {
    for (const double x : {1e-300, 1e-9, 0.1, 0.5, 0.70710678, 0.9999, 1.0, 1.5, 2.0, 10.0, 1e18}) {
        EXPECT_NEAR(portable_log(x), std::log(x), 1e-13 * std::max(1.0, std::abs(std::log(x))));
        EXPECT_NEAR(portable_pow(x, 0.3) / std::pow(x, 0.3), 1, 1e-12);
        EXPECT_NEAR(portable_pow(x, -0.9) / std::pow(x, -0.9), 1, 1e-12);
    }
    for (const double x : {-700.0, -1.0, -1e-9, 0.0, 0.3, 1.0, 100.0, 700.0})
        EXPECT_NEAR(portable_exp(x) / std::exp(x), 1, 1e-12);
    EXPECT_EQ(portable_exp(-1000), 0);
    EXPECT_EQ(portable_pow(0, 0.5), 0);
}

TEST(OffsetDistribution, TheRanksOfZipfHaveTheirProbabilities) {
    for (const double theta : {0.5, 0.9, 1.2}) {
        double zeta = 0;
        for (std::uint64_t i = 1; i <= kBlocks; ++i) zeta += std::pow(i, -theta);
        const std::vector<int> counts = sorted(counts_of("zipf:" + std::to_string(theta)));
        EXPECT_NEAR(share(counts, 0, 1), 1 / zeta, 0.01) << theta;
        double tenth = 0;
        for (std::uint64_t i = 1; i <= kBlocks / 10; ++i) tenth += std::pow(i, -theta) / zeta;
        EXPECT_NEAR(share(counts, 0, kBlocks / 10), tenth, 0.03) << theta;
    }
}

TEST(OffsetDistribution, ParetoGivesAPartOfTheBlocksTheRest) {
    // h = 0.2: 20 % of the blocks get 80 % of the requests.
    EXPECT_NEAR(share(sorted(counts_of("pareto:0.2")), 0, kBlocks / 5), 0.8, 0.02);
    EXPECT_NEAR(share(sorted(counts_of("pareto:0.1")), 0, kBlocks / 10), 0.9, 0.02);
}

TEST(OffsetDistribution, WithACentreTheHotBlocksAreNeighbours) {
    const std::vector<int> scattered = counts_of("pareto:0.2");
    EXPECT_LT(share(scattered, 0, kBlocks / 5), 0.5);
    const std::vector<int> central = counts_of("pareto:0.2:0.5");
    EXPECT_NEAR(share(central, kBlocks / 2, kBlocks / 2 + kBlocks / 5), 0.8, 0.02);
    const std::vector<int> normal = counts_of("normal:10:0.25");
    EXPECT_GT(share(normal, kBlocks / 8, kBlocks * 3 / 8), 0.8);
}

TEST(OffsetDistribution, ZonesGetTheirShares) {
    const std::vector<int> counts = counts_of("zoned:60/10:30/20:8/30:2/40");
    EXPECT_NEAR(share(counts, 0, 100), 0.60, 0.01);
    EXPECT_NEAR(share(counts, 100, 300), 0.30, 0.01);
    EXPECT_NEAR(share(counts, 300, 600), 0.08, 0.01);
    EXPECT_NEAR(share(counts, 600, 1000), 0.02, 0.01);
    const std::vector<int> bytes = counts_of("zoned_abs:75/400k:25/800k");
    EXPECT_NEAR(share(bytes, 0, 100), 0.75, 0.01);
    EXPECT_NEAR(share(bytes, 100, 300), 0.25, 0.01);
    EXPECT_EQ(share(bytes, 300, 1000), 0);
}

TEST(OffsetDistribution, EveryDrawIsInTheRegionHoweverFewBlocksItHas) {
    for (const char* distribution :
         {"zipf:0.5", "zipf:3", "zipf:1.1:1", "pareto:0.9", "normal:0", "normal:100:1",
          "zoned:1/1:99/99", "zoned:50/100:50/0", "zoned_abs:50/1t:50/1t", "zipf:99"}) {
        const JobInstance instance =
            instance_of("rw=randread\nrandom_distribution=" + std::string{distribution} + "\n");
        for (const std::uint64_t blocks : {1, 2, 3, 17}) {
            const OffsetDraw draw{instance.job.distribution, 0, blocks, 4096, 1};
            RandomStream random{9};
            for (int i = 0; i < 1000; ++i) EXPECT_LT(draw.draw(random), blocks) << distribution;
        }
    }
}

TEST(OffsetDistribution, OfABillionBlocksIsReadyAtOnce) {
    const JobInstance instance = instance_of("rw=randread\nrandom_distribution=zipf:0.9\n");
    const OffsetDraw draw{instance.job.distribution, 0, 1'000'000'000, 4096, 1};
    RandomStream random{1};
    EXPECT_LT(draw.draw(random), 1'000'000'000u);
}

}  // namespace
}  // namespace platform
