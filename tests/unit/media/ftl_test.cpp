// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/media/estimates.h"
#include "tests/unit/media/ftl_fixture.h"

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

}  // namespace
}  // namespace media::test
