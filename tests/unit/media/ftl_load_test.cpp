// SPDX-License-Identifier: Apache-2.0
// Much of it, and for long: what holds whatever a host does.
#include <algorithm>
#include <random>

#include "tests/unit/media/ftl_fixture.h"
#include "tests/unit/media/resident.h"

namespace media::test {
namespace {

// They were not counted as room that is taken: all collection came at once, when none was left.
TEST(FtlUnderLoad, DurableWritesPayForCollectionAsTheyGo) {
    FtlParams params;
    params.precondition = Precondition::kRandom;
    params.over_provisioning = 28;
    NandParams nand = four_dies();
    nand.pages = 64;
    Ftl ftl(params, nand);
    ASSERT_EQ(ftl.set_size(1, 64 << 20), "");
    std::mt19937_64 random(5);
    TimePs now = 0, longest = 0;
    for (unsigned i = 0; i != 20'000; ++i) {
        ftl.set_now(now);
        const std::uint64_t unit = random() % ((64 << 20) / kUnit);
        const TimePs end =
            ftl.schedule(now, {MediaOperation::kProgram, 1, unit * kUnit, kUnit}).end;
        longest = std::max(longest, end - now);
        now = end;
    }
    EXPECT_LT(longest, 20 * kPsPerMs);
}

// What waits for room in the buffer begins far in the future. Channels and dies used to be taken
// for busy until then, by other dies and by reads.
TEST(FtlUnderLoad, WhatWaitsForRoomKeepsNobodyElseWaiting) {
    FtlParams params;
    params.power_loss_protection = true;
    params.precondition = Precondition::kSequential;
    NandParams nand = four_dies();
    Ftl ftl(params, nand);
    ASSERT_EQ(ftl.set_size(1, 64 << 20), "");
    TimePs full = 0;
    for (std::uint64_t i = 0; i != 100; ++i)
        full = ftl.schedule(0, {MediaOperation::kProgram, 1, i * kStripe, kStripe}).end;
    ASSERT_GT(full, 10 * kPsPerMs);
    // One of the four dies is in the middle of a program, and its channel may be, too.
    const TimePs read = ftl.schedule(0, {MediaOperation::kRead, 1, 32 << 20, kUnit}).end;
    EXPECT_LT(read, 200 * kPsPerUs);
}

// Whatever a host does, every write finds room and every read its unit.
TEST(FtlUnderLoad, SurvivesRandomUseOfFullMedia) {
    for (unsigned seed = 1; seed != 9; ++seed) {
        std::mt19937_64 random(seed);
        FtlParams params;
        params.over_provisioning = 1;
        params.gc_free_blocks = 2;
        params.buffer_bytes = 5 * kStripe;  // no less is allowed
        params.power_loss_protection = seed % 2 == 0;
        params.striping = static_cast<Striping>(seed % 4);
        params.gc_policy = seed % 2 == 0 ? GcPolicy::kGreedy : GcPolicy::kCostBenefit;
        NandParams nand = four_dies();
        if (seed > 4) {
            params.slc.bytes = 2 << 20;
            params.slc.when_full = static_cast<SlcFull>(seed % 2);
            params.gc_idle_ns = 500'000;
            params.gc_idle_blocks = 6;
            params.wear_limit = 3;
            params.map_cache_bytes = 8192;
            nand.wear.read_limit = 20;
            nand.wear.retry_percent = 50;
            nand.wear.endurance = nand.wear.block_life = 20;
            nand.wear.spare_blocks = 3;
            nand.wear.bad_blocks = 50;
        }
        Ftl ftl(params, nand);
        constexpr std::uint64_t kSize = 16 << 20;
        ASSERT_EQ(ftl.set_size(1, kSize), "");
        ASSERT_EQ(ftl.set_size(2, kSize / 2), "");
        TimePs now = 0;
        for (unsigned i = 0; i != 60'000; ++i) {
            const auto nsid = static_cast<std::uint32_t>(random() % 3 + 1);  // 3: there is none
            const std::uint64_t offset = random() % (kSize + 8192);
            const std::uint64_t bytes = random() % 64 == 0 ? random() : random() % 40'000;
            const auto operation = static_cast<MediaOperation>(random() % 6);
            if (operation == MediaOperation::kDeallocate && random() % 16 != 0) continue;
            ftl.set_now(now);
            const auto span = ftl.schedule(now, {operation, nsid, offset, bytes});
            ASSERT_GE(span.end, now);
            if (random() % 4 == 0) now += random() % 1'000'000'000;
            if (random() % 5'000 == 0) ftl.reset();
            if (random() % 3'000 == 0) {
                const std::string wrong = ftl.set_size(2, random() % (kSize / 2));
                ASSERT_TRUE(wrong.empty() || ftl.statistics().blocks_failed != 0) << wrong;
            }
        }
        const MediaStatistics s = ftl.statistics();
        EXPECT_GT(s.blocks_erased, 0u);
        if (seed <= 4) continue;
        EXPECT_GT(s.retries, 0u);
        EXPECT_GT(s.blocks_failed, 0u);
        EXPECT_GT(s.blocks_refreshed, 0u);
        EXPECT_GT(s.blocks_levelled, 0u);
        EXPECT_GT(s.units_folded, 0u);
        EXPECT_GT(s.map_writes, 0u);
    }
}

/// A die that holds nothing but valid units gets no writes; the others do.
TEST(FtlUnderLoad, WhenOneDieIsFullTheOthersTakeTheWrites) {
    FtlParams params;
    params.power_loss_protection = true;
    Ftl ftl(params, four_dies());
    constexpr std::uint64_t kSize = 32 << 20;
    ASSERT_EQ(ftl.set_size(1, kSize), "");
    TimePs now = 0;
    const auto write = [&](std::uint64_t stripe) {
        ftl.set_now(now);
        now = ftl.schedule(now, {MediaOperation::kProgram, 1, stripe * kStripe, kStripe}).end;
    };
    // Stripe s lies on die s % 4. Keeps those of die 0, and writes the others again and again.
    for (std::uint64_t s = 0; s != kSize / kStripe; ++s) write(s);
    for (unsigned round = 0; round != 20; ++round)
        for (std::uint64_t s = 0; s != kSize / kStripe; ++s)
            if (s % 4 != 0) write(s);
    EXPECT_LT(ftl.statistics().write_amplification(), 2.5);
}

TEST(FtlMemory, GrowsWithWhatIsWritten) {
    const std::uint64_t before = resident_bytes();
    NandParams nand;
    Ftl ftl({}, nand);
    ASSERT_EQ(ftl.set_size(1, std::uint64_t{16} << 40), "");
    EXPECT_LT(resident_bytes(), before + (32 << 20)) << "an empty one of 16 TiB";
    std::mt19937_64 random(1);
    constexpr std::uint64_t kWritten = std::uint64_t{1} << 28;
    for (std::uint64_t i = 0; i != kWritten / kUnit; ++i) {
        const std::uint64_t unit = random() % ((std::uint64_t{16} << 40) / kUnit);
        (void)ftl.schedule(0, {MediaOperation::kDestage, 1, unit * kUnit, kUnit});
    }
    EXPECT_LT(resident_bytes(), before + (32 << 20) + kWritten * 15 / 100);
}

TEST(FtlUnderLoad, DeallocatingSixteenTebibytesTakesNoLongerThanWhatThereIs) {
    Ftl ftl({}, {});
    constexpr std::uint64_t kAll = std::uint64_t{16} << 40;
    ASSERT_EQ(ftl.set_size(1, kAll), "");
    for (unsigned i = 0; i != 10'000; ++i) {
        (void)ftl.schedule(0, {MediaOperation::kDestage, 1, i * kUnit * 7'919, kUnit});
        (void)ftl.schedule(0, {MediaOperation::kDeallocate, 1, 0, kAll});
    }
    EXPECT_EQ(ftl.schedule(0, {MediaOperation::kRead, 1, 0, 1 << 20}).end, 0u);
}

}  // namespace
}  // namespace media::test
