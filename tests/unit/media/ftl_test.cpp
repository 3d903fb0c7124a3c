// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>

#include "models/media/estimates.h"
#include "tests/unit/media/ftl_fixture.h"
#include "tests/unit/media/resident.h"

namespace media::test {
namespace {

TEST_F(FtlTest, WhatWasNeverWrittenTakesNoTime) {
    EXPECT_EQ(takes(MediaOperation::kRead, 0, 1 << 20), 0u);
    EXPECT_EQ(ftl.statistics().stripes_read, 0u);
}

TEST_F(FtlTest, AUnitIsReadFromItsPage) {
    write(0, kStripe);
    EXPECT_EQ(takes(MediaOperation::kRead, 3 * kUnit, kUnit), 54'096 * kPsPerNs);
    now += kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kRead, 5 * kUnit + 512, 512), 50'512 * kPsPerNs);
}

TEST_F(FtlTest, WhatWaitsForItsProgramIsReadFromTheBuffer) {
    (void)ask(MediaOperation::kDestage, 0, kUnit);
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), kPsPerUs) << "the stripe is not full";
    (void)ask(MediaOperation::kDestage, kUnit, kStripe - kUnit);
    now += 100 * kPsPerUs;
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), kPsPerUs) << "it is being programmed";
    now += 600 * kPsPerUs;
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), 54'096 * kPsPerNs);
    EXPECT_EQ(ftl.statistics().stripes_buffered, 2u);
}

// Four stripes are on four dies: 32 KiB each cross one of two channels.
TEST_F(FtlTest, StripesGoToOneChannelAfterTheOther) {
    write(0, 8 * kStripe);
    EXPECT_EQ(takes(MediaOperation::kRead, 0, 2 * kStripe), (50'000 + 32'768) * kPsPerNs);
    now += kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kRead, 4 * kStripe, 4 * kStripe),
              (50'000 + 2 * 32'768) * kPsPerNs);
}

class WaysFirst : public FtlTest {
protected:
    static FtlParams params() {
        FtlParams p;
        p.striping = Striping::kPlaneWayChannel;
        return p;
    }
    WaysFirst() : FtlTest(params()) {}
};

TEST_F(WaysFirst, StripesGoToOneDieOfAChannelAfterTheOther) {
    write(0, 4 * kStripe);
    EXPECT_EQ(takes(MediaOperation::kRead, 0, 2 * kStripe), (50'000 + 2 * 32'768) * kPsPerNs);
}

class PlanesLast : public FtlTest {
protected:
    static FtlParams params() {
        FtlParams p;
        p.striping = Striping::kChannelWayPlane;
        return p;
    }
    PlanesLast() : FtlTest(params()) {}
};

TEST_F(PlanesLast, PagesGoToOneChannelAfterTheOther) {
    write(0, 8 * kStripe);
    // 32 KiB are two pages, on two channels.
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kStripe), (50'000 + 16'384) * kPsPerNs);
    now += kPsPerMs;
    // 128 KiB are a page of each plane. Those of a die are not read together: between them, others
    // are asked for.
    EXPECT_EQ(takes(MediaOperation::kRead, 4 * kStripe, 4 * kStripe),
              (2 * 50'000 + 2 * 16'384) * kPsPerNs);
}

TEST_F(FtlTest, ADurableWriteEndsWithItsProgramAndTakesWholePages) {
    EXPECT_EQ(takes(MediaOperation::kProgram, 0, kUnit), (16'384 + 600'000) * kPsPerNs);
    EXPECT_EQ(ftl.statistics().pages_programmed, 1u);
    EXPECT_EQ(ftl.statistics().write_amplification(), 4);
}

TEST_F(FtlTest, AFlushProgramsWhatWaits) {
    EXPECT_EQ(takes(MediaOperation::kFlush, 0, 0), 0u);
    EXPECT_EQ(takes(MediaOperation::kDestage, 0, 5 * kUnit), 0u);
    EXPECT_EQ(takes(MediaOperation::kFlush, 0, 0), (2 * 16'384 + 600'000) * kPsPerNs);
    EXPECT_EQ(ftl.statistics().pages_programmed, 2u);
    EXPECT_EQ(takes(MediaOperation::kFlush, 0, 0), (2 * 16'384 + 600'000) * kPsPerNs)
        << "another one waits for the same";
    EXPECT_EQ(ftl.statistics().pages_programmed, 2u);
}

// All of them used to go to one die, because a page that was not full did not end its turn.
TEST_F(FtlTest, DurableWritesAtTheSameTimeGoToAllDies) {
    TimePs end = 0;
    for (std::uint64_t i = 0; i != 32; ++i)
        end = std::max(end, ask(MediaOperation::kProgram, i * 8 * kUnit, kUnit).end);
    EXPECT_LT(end - now, 32 / 4 * 700 * kPsPerUs);
}

TEST_F(FtlTest, ADurableWriteWaitsForItsOwnProgramsAlone) {
    for (unsigned i = 0; i != 4; ++i) (void)ask(MediaOperation::kDestage, 0, kStripe);  // all dies
    (void)ask(MediaOperation::kDestage, 0, kStripe);  // one of them twice
    (void)ask(MediaOperation::kDestage, 0, kStripe);
    const TimePs all = takes(MediaOperation::kFlush, 0, 0);
    EXPECT_GT(all, 1'200 * kPsPerUs);
    now += 700 * kPsPerUs;
    (void)ask(MediaOperation::kProgram, kStripe, kUnit);  // the third of the dies
    EXPECT_LT(takes(MediaOperation::kProgram, kStripe, kUnit), 700 * kPsPerUs);
}

TEST_F(FtlTest, OfAStripeThatIsHalfProgrammedEachHalfComesFromWhereItIs) {
    (void)ask(MediaOperation::kProgram, 0, 4 * kUnit);              // a page
    for (unsigned i = 1; i != 4; ++i) write(kStripe * i, kStripe);  // back to the first die
    now += kPsPerMs;
    (void)ask(MediaOperation::kDestage, 4 * kUnit, kUnit);
    EXPECT_EQ(takes(MediaOperation::kRead, 4 * kUnit, kUnit), kPsPerUs);
    EXPECT_EQ(takes(MediaOperation::kRead, 3 * kUnit, 2 * kUnit), 54'096 * kPsPerNs);
}

TEST_F(FtlTest, TheLastUnitMayBeShorterThanTheOthers) {
    ASSERT_EQ(ftl.set_size(1, 10 * kUnit + 512), "");
    write(10 * kUnit, 512);
    EXPECT_EQ(takes(MediaOperation::kDestage, 10 * kUnit, 512), 0u);
    EXPECT_EQ(ftl.statistics().stripes_read, 0u) << "there is no rest";
    (void)ask(MediaOperation::kFlush, 0, 0);
    now += kPsPerMs;
    EXPECT_NE(takes(MediaOperation::kRead, 10 * kUnit, 512), 0u);
    (void)ask(MediaOperation::kDeallocate, 10 * kUnit, 512);
    now += kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kRead, 10 * kUnit, 512), 0u);
}

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

TEST(WriteBufferTest, RoomIsThereWhenItsProgramHasEnded) {
    WriteBuffer buffer(2);
    EXPECT_EQ(buffer.take(0), 0u);
    EXPECT_EQ(buffer.take(0), 0u);
    buffer.leave(100, 2);
    EXPECT_EQ(buffer.take(150), 150u);
    EXPECT_EQ(buffer.take(10), 100u) << "whoever comes earlier has not more room";
}

class Protected : public FtlTest {
protected:
    static FtlParams params() {
        FtlParams p;
        p.power_loss_protection = true;
        return p;
    }
    Protected() : FtlTest(params()) {}
};

TEST_F(Protected, WithPowerLossProtectionAWriteIsDurableInTheBuffer) {
    EXPECT_EQ(takes(MediaOperation::kProgram, 0, kUnit), kPsPerUs);
    EXPECT_EQ(takes(MediaOperation::kProgram, kUnit, 8 * kUnit), 8 * kPsPerUs);
    EXPECT_EQ(takes(MediaOperation::kFlush, 0, 0), 0u);
    EXPECT_EQ(ftl.statistics().pages_programmed, 2u) << "nothing is padded";
}

TEST_F(Protected, WhenTheBufferIsFullWritesAreAsFastAsPrograms) {
    // Two stripes of each of four dies have room.
    EXPECT_EQ(takes(MediaOperation::kProgram, 0, 8 * kStripe), 64 * kPsPerUs);
    TimePs last = now;
    constexpr std::uint64_t kWrites = 400;
    for (std::uint64_t i = 8; i != 8 + kWrites; ++i)
        last = ask(MediaOperation::kProgram, i * kStripe, kStripe).end;
    // Each die programs a stripe in 600 us.
    EXPECT_NEAR(static_cast<double>(last - now), kWrites / 4 * 600.0 * kPsPerUs,
                1'000.0 * kPsPerUs);
}

TEST_F(FtlTest, AWriteOfAPartOfAUnitReadsTheRest) {
    EXPECT_EQ(takes(MediaOperation::kDestage, 0, 512), 0u) << "there is nothing to read";
    write(0, kStripe);
    EXPECT_EQ(takes(MediaOperation::kProgram, 512, 512), (54'096 + 16'384 + 600'000) * kPsPerNs);
    now += kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kProgram, kUnit, kUnit), (16'384 + 600'000) * kPsPerNs);
    now += kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kDestage, 2 * kUnit, 512), 0u) << "nobody waits for the read";
}

TEST_F(FtlTest, DeallocatedUnitsTakeNoTimeAndPartsOfUnitsStay) {
    write(0, kStripe);
    EXPECT_EQ(takes(MediaOperation::kDeallocate, kUnit + 1, 3 * kUnit), 20 * kPsPerUs);
    now += kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kRead, 2 * kUnit, 2 * kUnit), 0u);
    EXPECT_NE(takes(MediaOperation::kRead, kUnit, kUnit), 0u);
    EXPECT_NE(takes(MediaOperation::kRead, 4 * kUnit, kUnit), 0u);
}

TEST_F(FtlTest, LossOfPowerMakesItIdleAndForgetsNothing) {
    for (std::uint64_t i = 0; i != 64; ++i)
        (void)ask(MediaOperation::kDestage, i * kStripe, kStripe);
    (void)ask(MediaOperation::kDestage, 0, kUnit);
    ftl.reset();
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), 54'096 * kPsPerNs);
    EXPECT_EQ(takes(MediaOperation::kDestage, kUnit, kUnit), 0u);
}

TEST_F(FtlTest, ANamespaceThatIsGoneTakesNoTimeAndGivesItsUnitsBack) {
    write(0, 64 << 20);
    EXPECT_EQ(ftl.set_size(1, 1 << 20), "");
    EXPECT_EQ(takes(MediaOperation::kRead, 2 << 20, 1 << 20), 0u);
    EXPECT_EQ(takes(MediaOperation::kDestage, 2 << 20, 1 << 20), 0u);
    EXPECT_NE(takes(MediaOperation::kRead, 0, kUnit), 0u);
    EXPECT_EQ(ftl.set_size(1, 0), "");
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), 0u);
    EXPECT_EQ(takes(MediaOperation::kProgram, 0, kUnit), 0u);
    EXPECT_EQ(ftl.schedule(0, {MediaOperation::kRead, 77, 0, ~0ull}).end, 0u);
    EXPECT_EQ(ftl.schedule(0, {MediaOperation::kDeallocate, 77, ~0ull, ~0ull}).end, 20 * kPsPerUs);
}

TEST(FtlSize, MediaOfAGivenSizeHoldNoMore) {
    NandParams nand = four_dies();
    nand.blocks = 64;  // 256 KiB a block of a die, 64 MiB in all
    Ftl ftl({}, nand);
    EXPECT_EQ(ftl.set_size(1, 32 << 20), "");
    EXPECT_EQ(ftl.set_size(2, 32 << 20),
              "the NAND flash has no room for 33554432 bytes more than 33554432");
    EXPECT_EQ(ftl.set_size(2, 16 << 20), "");
    EXPECT_NE(ftl.set_size(1, ~0ull), "");
    EXPECT_EQ(ftl.set_size(1, 0), "");
    EXPECT_EQ(ftl.set_size(2, 48 << 20), "");
    Ftl grows({}, four_dies());
    EXPECT_NE(grows.set_size(1, ~0ull), "") << "not even one that grows with the namespaces";
}

TEST(FtlParamsTest, WhatDoesNotFitTheNandIsRefused) {
    const NandParams nand = four_dies();
    FtlParams p;
    EXPECT_TRUE(validate(p, nand).empty());
    p.unit_bytes = 32'768;
    EXPECT_EQ(validate(p, nand).front(),
              "ftl_unit_bytes = 32768: must be a power of 2 and at most nand_page_bytes (16384)");
    p.unit_bytes = 4096;
    p.buffer_bytes = 65'535;
    EXPECT_EQ(validate(p, nand).front(), "ftl_buffer_bytes = 65535: must be 0, or at least 65536");
    p.striping = Striping::kChannelWayPlane;
    EXPECT_EQ(validate(p, nand).front(), "ftl_buffer_bytes = 65535: must be 0, or at least 163840");
    NandParams many = nand;
    many.channels = 64, many.packages = 16, many.dies = 8;
    EXPECT_EQ(validate(many).front(),
              "nand_channels = 64: must leave at most 4096 dies, with nand_packages and nand_dies "
              "(8192)");
    NandParams odd = nand;
    odd.page_bytes = 5000;
    EXPECT_EQ(validate(odd).front(), "nand_page_bytes = 5000: must be a power of 2");
}

TEST(FtlEstimates, AreThoseOfIdleMedia) {
    MediaParams params;
    params.model = Model::kNand;
    params.nand = four_dies();
    // 4 dies read a stripe each; 1 MiB crosses two channels in 524.288 us.
    EXPECT_EQ(read_time(params, kStripe), 50 * kPsPerUs);
    EXPECT_EQ(read_time(params, 1 << 20), 524'288 * kPsPerNs);
    // At 7 %, nine times as much is read and programmed, and each block of 8 stripes erased.
    EXPECT_EQ(flush_time(params, 1 << 20), 9 * 8 * (600 + 50 + 437.5) * kPsPerUs);
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

class SmallMap : public FtlTest {
protected:
    static FtlParams params() {
        FtlParams p;
        p.map_cache_bytes = 4 * 4096;  // the places of 16 MiB
        p.precondition = Precondition::kSequential;
        return p;
    }
    SmallMap() : FtlTest(params()) {}
    static constexpr TimePs kRead = 54'096 * kPsPerNs;
    /// Of a unit that no register holds.
    TimePs read_takes(std::uint64_t mib) {
        now += kPsPerMs;
        unit += 64;
        return takes(MediaOperation::kRead, (mib << 20) + unit % 256 * kUnit, kUnit);
    }
    std::uint64_t unit = 0;
};

TEST_F(SmallMap, WhatIsNotAtHandIsReadFirst) {
    EXPECT_EQ(read_takes(0), 2 * kRead);
    EXPECT_EQ(read_takes(1), kRead) << "of the same 4 MiB";
    EXPECT_EQ(read_takes(4), 2 * kRead);
    EXPECT_EQ(read_takes(0), kRead);
    for (const std::uint64_t mib : {8u, 12u, 16u}) EXPECT_EQ(read_takes(mib), 2 * kRead) << mib;
    EXPECT_EQ(read_takes(0), kRead) << "used after the one of 4 MiB, which made room";
    EXPECT_EQ(read_takes(4), 2 * kRead);
    EXPECT_EQ(ftl.statistics().map_reads, 6u);
}

TEST_F(SmallMap, ALongReadReadsAPageOfTheMappingForEachPartOfIt) {
    (void)takes(MediaOperation::kRead, 0, 16 << 20);
    EXPECT_EQ(ftl.statistics().map_reads, 4u);
}

TEST_F(SmallMap, AWriteDoesNotWaitForIt) {
    EXPECT_EQ(takes(MediaOperation::kDestage, 0, kUnit), 0u);
    EXPECT_EQ(ftl.statistics().map_reads, 1u);
    ftl.reset();
    EXPECT_EQ(takes(MediaOperation::kDestage, 0, kUnit), 0u);
    EXPECT_EQ(ftl.statistics().map_reads, 2u) << "memory has lost it";
}

// Four pages of the mapping fill one of the flash.
TEST_F(SmallMap, WhatWasChangedIsWrittenBackWhenItMakesRoom) {
    for (std::uint64_t mib = 0; mib != 32; mib += 4) write(mib << 20, kUnit);
    EXPECT_EQ(ftl.statistics().map_reads, 8u);
    EXPECT_EQ(ftl.statistics().map_writes, 4u);
    EXPECT_EQ(ftl.statistics().pages_programmed, 8u + 1u);
    for (std::uint64_t mib = 32; mib != 64; mib += 4) (void)read_takes(mib);
    EXPECT_EQ(ftl.statistics().map_writes, 8u) << "those that were read only are not";
}

/// How writes are amplified that come after `precondition`.
double amplification(Precondition precondition, bool random_before) {
    FtlParams params;
    params.over_provisioning = 15;
    params.precondition = precondition;
    NandParams nand = four_dies();
    nand.pages = 16;
    Ftl ftl(params, nand);
    constexpr std::uint64_t kUnits = 64 * 1024;
    EXPECT_EQ(ftl.set_size(1, kUnits * kUnit), "");
    TimePs now = 0;
    const auto write = [&](std::uint64_t unit) {
        ftl.set_now(now);
        now = ftl.schedule(now, {MediaOperation::kDestage, 1, unit * kUnit, kUnit}).end;
    };
    std::mt19937_64 random(3);
    if (random_before) {
        for (std::uint64_t unit = 0; unit != kUnits; ++unit) write(unit);
        for (std::uint64_t i = 0; i != 2 * kUnits; ++i) write(random() % kUnits);
    }
    const MediaStatistics before = ftl.statistics();
    EXPECT_EQ(before.units_written, random_before ? 3 * kUnits : 0u);
    for (std::uint64_t i = 0; i != kUnits; ++i) write(random() % kUnits);
    return (ftl.statistics() - before).write_amplification();
}

TEST(FtlPrecondition, IsWhatTheSameWritesOfAHostLeaveBehind) {
    const double host = amplification(Precondition::kNone, true);
    EXPECT_NEAR(amplification(Precondition::kRandom, false), host, host * 0.02);
    EXPECT_LT(amplification(Precondition::kNone, false), 1.01) << "of empty media";
}

TEST(FtlPrecondition, ANamespaceThatIsFullInOrderIsReadFromItsPagesAtOnce) {
    FtlParams params;
    params.precondition = Precondition::kSequential;
    Ftl ftl(params, four_dies());
    ASSERT_EQ(ftl.set_size(1, 16 << 20), "");
    EXPECT_EQ(ftl.schedule(0, {MediaOperation::kRead, 1, 8 << 20, kUnit}).end, 54'096 * kPsPerNs);
    EXPECT_EQ(ftl.statistics().units_written, 0u);
    EXPECT_NE(ftl.set_size(2, std::uint64_t{2} << 40), "");
    EXPECT_EQ(ftl.set_size(2, 1 << 20), "");
    EXPECT_NE(ftl.schedule(0, {MediaOperation::kRead, 2, 0, kUnit}).end, 0u);
    EXPECT_EQ(ftl.set_size(2, 2 << 20), "");
    EXPECT_NE(ftl.schedule(0, {MediaOperation::kRead, 2, 1 << 20, kUnit}).end, 0u) << "what is new";
}

class IdleDrive : public FtlTest {
protected:
    static FtlParams params() {
        FtlParams p;
        p.gc_idle_blocks = 40;
        p.over_provisioning = 100;
        p.power_loss_protection = true;
        return p;
    }
    IdleDrive() : FtlTest(params()) {}
    /// 16 MiB of the namespace's 64 again and again, until blocks are rare.
    void wear_down() {
        for (std::uint64_t i = 0; i != 4'096; ++i) {
            now += 200 * kPsPerUs;
            (void)ask(MediaOperation::kProgram, i * 7'919 % 512 * kStripe, kStripe);
        }
        for (; ftl.statistics().blocks_free > 40; ++at) {
            now += 200 * kPsPerUs;
            (void)ask(MediaOperation::kProgram, at % 512 * kStripe, kStripe);
        }
    }
    std::uint64_t at = 0;
};

TEST_F(IdleDrive, CollectsUntilEnoughBlocksAreFree) {
    wear_down();
    const MediaStatistics before = ftl.statistics();
    now += 5 * kPsPerMs;
    (void)ask(MediaOperation::kRead, 0, kUnit);
    EXPECT_EQ(ftl.statistics().blocks_erased, before.blocks_erased) << "that is not idle";
    now += 10'000 * kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), 54'096 * kPsPerNs) << "it has long been done";
    EXPECT_GE(ftl.statistics().blocks_free, 4u * 40);
    EXPECT_EQ(ftl.statistics().units_written, before.units_written);
}

TEST_F(IdleDrive, DoesNotMoveWhatGainsLittleHoweverLongItIsIdle) {
    for (std::uint64_t i = 0; i != 2'048; ++i) {
        now += 200 * kPsPerUs;
        (void)ask(MediaOperation::kProgram, i * kStripe, kStripe);
    }
    for (std::uint64_t i = 0; i < 2'048; i += 32)
        (void)ask(MediaOperation::kProgram, i * kStripe, kUnit);
    now += 1'000'000 * kPsPerMs;
    (void)ask(MediaOperation::kRead, 0, kUnit);
    EXPECT_EQ(ftl.statistics().units_moved, 0u);
}

TEST_F(IdleDrive, WithoutPowerDoesNothing) {
    wear_down();
    const std::uint64_t erased = ftl.statistics().blocks_erased;
    ftl.reset();
    now += 10'000 * kPsPerMs;
    (void)ask(MediaOperation::kRead, 0, kUnit);
    EXPECT_EQ(ftl.statistics().blocks_erased, erased);
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
