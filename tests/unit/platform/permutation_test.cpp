// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/permutation.h"

#include <gtest/gtest.h>

#include <vector>

#include "platform/workload/random.h"

namespace platform {
namespace {

std::vector<std::uint64_t> order(std::uint64_t count, std::uint64_t key) {
    const Permutation permutation{count, key};
    std::vector<std::uint64_t> result;
    for (std::uint64_t i = 0; i < permutation.count(); ++i) result.push_back(permutation(i));
    return result;
}

bool covers_each_once(const std::vector<std::uint64_t>& values) {
    std::vector<bool> seen(values.size());
    for (const std::uint64_t value : values) {
        if (value >= values.size() || seen[value]) return false;
        seen[value] = true;
    }
    return true;
}

TEST(Permutation, EveryBlockComesExactlyOnceForEverySmallCount) {
    for (std::uint64_t count = 1; count <= 600; ++count) {
        EXPECT_TRUE(covers_each_once(order(count, count * 31))) << count;
    }
}

TEST(Permutation, EveryBlockComesExactlyOnceAroundPowersOfTwo) {
    for (const std::uint64_t count : {1023u, 1024u, 1025u, 4095u, 4097u, 65535u, 65536u, 65537u}) {
        EXPECT_TRUE(covers_each_once(order(count, 7))) << count;
    }
}

TEST(Permutation, DependsOnTheKeyAndOnNothingElse) {
    EXPECT_EQ(order(1000, 1), order(1000, 1));
    EXPECT_NE(order(1000, 1), order(1000, 2));
}

TEST(Permutation, NeighboursEndUpFarApart) {
    const auto values = order(4096, 3);
    int adjacent = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        if (values[i] == values[i - 1] + 1) ++adjacent;
    }
    EXPECT_LT(adjacent, 20);  // one is expected; a sequential order would have 4095
}

TEST(Permutation, HugeAndZeroCountsStayInRange) {
    const std::uint64_t huge = std::uint64_t{1} << 62;
    const Permutation permutation{huge, 5};
    for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_LT(permutation(huge - 1 - i), huge);
    EXPECT_EQ((Permutation{0, 9})(0), 0u);
}

TEST(RandomStream, BelowIsUniformAndInRange) {
    RandomStream random{11};
    std::vector<unsigned> counts(7);
    for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
    // 5 standard deviations of a fair draw; the stream is fixed, so this is no dice game.
    for (const unsigned count : counts) EXPECT_NEAR(count, 10'000, 470);
    EXPECT_EQ(random.below(1), 0u);
    EXPECT_EQ(random.below(0), 0u);
    for (int i = 0; i < 100; ++i) EXPECT_LT(random.below((1ull << 63) + 1), (1ull << 63) + 1);
}

TEST(RandomStream, MatchesThePublishedFirstOutputOfSplitMix64) {
    RandomStream random{0};
    EXPECT_EQ(random.next(), 0xe220a8397b1dcdafu);
    EXPECT_EQ(random.next(), 0x6e789e6aa1b965f4u);
}

}  // namespace
}  // namespace platform
