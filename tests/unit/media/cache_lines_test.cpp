// SPDX-License-Identifier: Apache-2.0
#include "models/media/cache_lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <random>
#include <vector>

namespace media::test {
namespace {

std::vector<std::uint64_t> numbers_in_order(const CacheLines& lines) {
    std::vector<std::uint64_t> numbers;
    for (auto id = lines.oldest(); id != CacheLines::kNone; id = lines.next_newer(id)) {
        numbers.push_back(lines.number(id));
    }
    return numbers;
}

TEST(CacheLines, OfNoCapacityIsFullAndFindsNothing) {
    const CacheLines lines(0);
    EXPECT_TRUE(lines.full());
    EXPECT_EQ(lines.find(0), CacheLines::kNone);
    EXPECT_EQ(lines.oldest(), CacheLines::kNone);
}

TEST(CacheLines, KeepsTheOrderInWhichLinesWereTaken) {
    CacheLines lines(4);
    lines.insert(30);
    const CacheLines::Id middle = lines.insert(10);
    lines.insert(20);
    EXPECT_EQ(numbers_in_order(lines), (std::vector<std::uint64_t>{30, 10, 20}));
    lines.erase(middle);
    EXPECT_EQ(numbers_in_order(lines), (std::vector<std::uint64_t>{30, 20}));
    lines.erase(lines.oldest());
    EXPECT_EQ(numbers_in_order(lines), (std::vector<std::uint64_t>{20}));
    lines.clear();
    EXPECT_EQ(lines.used(), 0u);
    EXPECT_EQ(lines.find(20), CacheLines::kNone);
}

TEST(CacheLines, AgreesWithAListOverManyRandomInsertionsAndRemovals) {
    constexpr std::size_t kCapacity = 24;
    CacheLines lines(kCapacity);
    std::list<std::uint64_t> expected;
    std::mt19937_64 random(20'240'607);
    for (int step = 0; step < 50'000; ++step) {
        const std::uint64_t number = random() % 64;
        const CacheLines::Id id = lines.find(number);
        const bool known = std::find(expected.begin(), expected.end(), number) != expected.end();
        ASSERT_EQ(id != CacheLines::kNone, known) << "step " << step;
        if (known) {
            lines.erase(id);
            expected.remove(number);
        } else if (!lines.full()) {
            ASSERT_EQ(lines.valid(lines.insert(number)), 0);
            expected.push_back(number);
        }
        ASSERT_EQ(lines.used(), expected.size());
        ASSERT_EQ(numbers_in_order(lines),
                  std::vector<std::uint64_t>(expected.begin(), expected.end()));
    }
    EXPECT_EQ(lines.capacity(), kCapacity);
}

}  // namespace
}  // namespace media::test
