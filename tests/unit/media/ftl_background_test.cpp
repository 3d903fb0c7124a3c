// SPDX-License-Identifier: Apache-2.0
// What happens beside: the mapping in the flash, what is there from the start, and idle time.
#include <random>

#include "tests/unit/media/ftl_fixture.h"

namespace media::test {
namespace {

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

}  // namespace
}  // namespace media::test
