// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/ram_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <random>

#include "tests/unit/media/bytes.h"
#include "tests/unit/media/resident.h"

namespace media::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kGiB = 1ull << 30;
constexpr std::uint64_t kTiB = 1ull << 40;
constexpr std::uint64_t kMax = ~std::uint64_t{0};

TEST(RamStore, ReadsAsZeroUntilItIsWritten) {
    RamStore store(10'000);
    EXPECT_EQ(store.size(), 10'000u);
    EXPECT_FALSE(store.read_only());
    EXPECT_EQ(content(store, 0, 10'000), filled(10'000, 0));
    ASSERT_EQ(put(store, 4'000, filled(300, 7)), IoStatus::kOk);
    EXPECT_EQ(content(store, 4'000, 300), filled(300, 7));
    EXPECT_EQ(content(store, 3'999, 1), filled(1, 0));
    EXPECT_EQ(content(store, 4'300, 1), filled(1, 0));
    EXPECT_EQ(store.flush(), IoStatus::kOk);
}

TEST(RamStore, RefusesEveryAccessThatLeavesTheStore) {
    RamStore store(4096);
    Bytes bytes = filled(16, 1);
    EXPECT_EQ(store.write(4081, bytes.data(), 16), IoStatus::kOutOfRange);
    EXPECT_EQ(store.read(4081, bytes.data(), 16), IoStatus::kOutOfRange);
    EXPECT_EQ(store.read(kMax - 7, bytes.data(), 16), IoStatus::kOutOfRange);
    EXPECT_EQ(store.write(kMax, bytes.data(), 1), IoStatus::kOutOfRange);
    EXPECT_EQ(store.deallocate(1, kMax), IoStatus::kOutOfRange);
    EXPECT_EQ(store.deallocate(4097, 0), IoStatus::kOutOfRange);
    EXPECT_EQ(store.read(4096, bytes.data(), 0), IoStatus::kOk);
    EXPECT_EQ(content(store, 0, 4096), filled(4096, 0));
}

TEST(RamStore, MayBeEmpty) {
    RamStore store(0);
    EXPECT_EQ(store.read(0, nullptr, 0), IoStatus::kOk);
    EXPECT_EQ(store.deallocate(0, 0), IoStatus::kOk);
    ASSERT_EQ(store.resize(512), IoStatus::kOk);
    EXPECT_EQ(content(store, 0, 512), filled(512, 0));
    ASSERT_EQ(store.resize(0), IoStatus::kOk);
    EXPECT_EQ(store.size(), 0u);
}

TEST(RamStore, OfTebibytesTakesMemoryOnlyForWrittenPages) {
    const std::uint64_t before = resident_bytes();
    RamStore store(8 * kTiB);
    for (std::uint64_t i = 0; i < 64; ++i) {
        ASSERT_EQ(put(store, i * kTiB / 8 + 12'345, filled(512, 9)), IoStatus::kOk);
    }
    EXPECT_EQ(content(store, 3 * kTiB + 12'345, 512), filled(512, 9));
    EXPECT_LT(resident_bytes(), before + 16 * kMiB);
}

/// Before, each read of such a block brought in a page of zeros, and page tables for it: gigabytes
/// of them for a large store.
TEST(RamStore, ReadsOfWhatWasNeverWrittenTakeNoMemory) {
    RamStore store(16 * kTiB);
    std::mt19937_64 random(1);
    Bytes bytes = filled(4096, 1);
    const std::uint64_t before = resident_bytes();
    for (unsigned i = 0; i < 20'000; ++i)
        ASSERT_EQ(store.read(random() % (4 * kGiB) * 4096, bytes.data(), 4096), IoStatus::kOk);
    EXPECT_EQ(bytes, filled(4096, 0));
    EXPECT_EQ(store.bytes_held(), 0u);
    EXPECT_LT(resident_bytes(), before + 4 * kMiB);
}

/// Before, each block far from all others took a page, a page of the sector map, and page tables
/// for both: three times its size and more.
TEST(RamStore, BlocksFarApartTakeLittleMoreThanTheirBytes) {
    constexpr std::uint64_t kBlocks = 10'000;
    std::mt19937_64 random(2);
    const std::uint64_t before = resident_bytes();
    RamStore store(16 * kTiB);
    const Bytes block = filled(4096, 7);
    for (std::uint64_t i = 0; i < kBlocks; ++i)
        ASSERT_EQ(put(store, (i * 4 * kGiB / kBlocks + random() % 1000) * 4096, block),
                  IoStatus::kOk);
    EXPECT_EQ(store.bytes_held(), kBlocks * 4096);
    EXPECT_LT(resident_bytes() - before, kBlocks * 4096 * 13 / 10 + 8 * kMiB);
    ASSERT_EQ(store.deallocate(0, 8 * kTiB), IoStatus::kOk);
    EXPECT_EQ(store.bytes_held(), kBlocks / 2 * 4096);
    EXPECT_LT(resident_bytes() - before, kBlocks / 2 * 4096 * 13 / 10 + 8 * kMiB);
}

TEST(RamStore, AgreesWithPlainBytesWhateverIsDone) {
    constexpr std::size_t kMost = 40 * 4096;
    std::mt19937_64 random(3);
    RamStore store(kMost);
    Bytes model = filled(kMost, 0);
    for (unsigned i = 0; i < 20'000; ++i) {
        const std::size_t offset = random() % (model.size() + 1);
        const std::size_t length = random() % (model.size() - offset + 1) >> random() % 16;
        const auto at = model.begin() + static_cast<std::ptrdiff_t>(offset);
        const auto fill = static_cast<unsigned char>(random());
        switch (random() % 8) {
            case 0:
            case 1:
                ASSERT_EQ(store.deallocate(offset, length), IoStatus::kOk);
                std::fill_n(at, length, std::byte{0});
                break;
            case 2:
                if (random() % 50 != 0) break;
                model.resize(1 + random() % kMost);
                ASSERT_EQ(store.resize(model.size()), IoStatus::kOk);
                break;
            default:
                ASSERT_EQ(put(store, offset, filled(length, fill)), IoStatus::kOk);
                std::fill_n(at, length, std::byte{fill});
        }
        if (i % 16 != 0) continue;
        ASSERT_EQ(content(store, 0, model.size()), model) << i;
    }
}

TEST(RamStore, GivesMemoryBackWhenItIsDeallocated) {
    RamStore store(kTiB);
    for (std::uint64_t at = 0; at < 64 * kMiB; at += kMiB) {
        ASSERT_EQ(put(store, at, filled(kMiB, 5)), IoStatus::kOk);
    }
    const std::uint64_t full = resident_bytes();
    ASSERT_EQ(store.deallocate(0, kTiB), IoStatus::kOk);
    EXPECT_LT(resident_bytes() + 48 * kMiB, full);
    EXPECT_EQ(content(store, 0, kMiB), filled(kMiB, 0));
}

TEST(RamStore, DeallocatesExactlyTheRange) {
    constexpr std::size_t kSize = 5 * 4096 + 100;  // ends inside a page
    struct Range {
        std::size_t offset, length;
    };
    for (const Range range : {Range{0, kSize}, Range{1, 10}, Range{4000, 200}, Range{4096, 4096},
                              Range{100, 9000}, Range{8192, kSize - 8192}, Range{kSize - 1, 1},
                              Range{4095, 4098}, Range{20'480, 50}, Range{300, 0}}) {
        RamStore store(kSize);
        ASSERT_EQ(put(store, 0, filled(kSize, 3)), IoStatus::kOk);
        ASSERT_EQ(store.deallocate(range.offset, range.length), IoStatus::kOk);
        Bytes expected = filled(kSize, 3);
        std::fill_n(expected.begin() + static_cast<std::ptrdiff_t>(range.offset), range.length,
                    std::byte{0});
        EXPECT_EQ(content(store, 0, kSize), expected) << range.offset << " + " << range.length;
    }
}

TEST(RamStore, ShrinksAndGrowsWithoutBringingOldBytesBack) {
    for (const std::uint64_t smaller : {0, 1, 511, 4096, 4097, 8191}) {
        RamStore store(3 * 4096);
        ASSERT_EQ(put(store, 0, filled(3 * 4096, 6)), IoStatus::kOk);
        ASSERT_EQ(store.resize(smaller), IoStatus::kOk);
        EXPECT_EQ(store.size(), smaller);
        ASSERT_EQ(store.resize(4 * 4096), IoStatus::kOk);
        Bytes expected = filled(4 * 4096, 0);
        std::fill_n(expected.begin(), smaller, std::byte{6});
        EXPECT_EQ(content(store, 0, 4 * 4096), expected) << smaller;
    }
}

TEST(RamStore, SaysWhenTheAddressSpaceHasNoRoomAndStaysAsItWas) {
    EXPECT_THROW(RamStore{kMax}, std::bad_alloc);
    EXPECT_THROW(RamStore{1ull << 60}, std::bad_alloc);
    RamStore store(4096);
    ASSERT_EQ(put(store, 0, filled(4096, 1)), IoStatus::kOk);
    EXPECT_EQ(store.resize(kMax), IoStatus::kWriteError);
    EXPECT_EQ(store.resize(1ull << 60), IoStatus::kWriteError);
    EXPECT_EQ(store.size(), 4096u);
    EXPECT_EQ(content(store, 0, 4096), filled(4096, 1));
}

}  // namespace
}  // namespace media::test
