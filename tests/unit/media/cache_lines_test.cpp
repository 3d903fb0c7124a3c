// SPDX-License-Identifier: Apache-2.0
#include "models/media/cache/cache_lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <random>
#include <vector>

#include "models/media/cache/write_cache.h"
#include "models/media/store/ram_store.h"
#include "tests/unit/media/bytes.h"
#include "tests/unit/media/resident.h"

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

constexpr std::size_t kManyLines = 16'384;  // 64 MiB

/// Before, each cache took memory for the index of all its lines at once: half a gigabyte for a
/// thousand namespaces, before the first command.
TEST(CacheLines, TakeNoMemoryBeforeTheyAreUsed) {
    const std::uint64_t before = resident_bytes();
    std::vector<std::unique_ptr<CacheLines>> caches;
    for (unsigned i = 0; i < 1024; ++i) caches.push_back(std::make_unique<CacheLines>(kManyLines));
    for (const auto& lines : caches) EXPECT_EQ(lines->find(7), CacheLines::kNone);
    EXPECT_LT(resident_bytes(), before + (8 << 20));
    EXPECT_EQ(caches.front()->touched(), 0u);
}

/// Before, a cache kept for good what it had used once.
TEST(CacheLines, GiveTheirMemoryBackWhenTheLastIsErased) {
    CacheLines lines(kManyLines);
    for (unsigned round = 0; round < 2; ++round) {
        for (std::uint64_t n = 0; n < kManyLines; ++n)
            std::fill_n(lines.data(lines.insert(n)), CacheLines::kLineBytes, std::byte{1});
        EXPECT_TRUE(lines.full());
        const std::uint64_t full = resident_bytes();
        if (round == 0)
            lines.clear();
        else
            while (lines.used() != 0) lines.erase(lines.oldest());
        EXPECT_EQ(lines.touched(), 0u);
        EXPECT_LT(resident_bytes() + (48 << 20), full);
    }
}

TEST(CacheLines, KeepAFewForADriverThatFlushesOften) {
    CacheLines lines(kManyLines);
    for (unsigned round = 0; round < 10; ++round) {
        for (std::uint64_t n = 0; n < CacheLines::kKept; ++n) lines.insert(n * 1000 + round);
        lines.clear();
        EXPECT_EQ(lines.touched(), CacheLines::kKept);
    }
}

TEST(WriteCacheMemory, IsGivenBackByAFlush) {
    RamStore store(64 << 20);
    WriteCache cache(store, 64 << 20);
    for (std::uint64_t at = 0; at < 8 << 20; at += 4096)
        ASSERT_EQ(put(cache, at, filled(4096, 3)), IoStatus::kOk);
    EXPECT_EQ(cache.touched(), 2048u);
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    EXPECT_EQ(cache.touched(), 0u);
    EXPECT_EQ(content(cache, 4096, 4096), filled(4096, 3));
}

}  // namespace
}  // namespace media::test
