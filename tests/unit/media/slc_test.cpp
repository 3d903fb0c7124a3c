// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/slc_region.h"

#include "tests/unit/media/ftl_fixture.h"

namespace media::test {
namespace {

/// Eight pages of a block are two with one bit in a cell, of four: 64 KiB of a die. 16 such blocks
/// in each die take 4 MiB.
constexpr std::uint64_t kRegion = 4 << 20;

class SlcTest : public FtlTest, private BlockListener {
protected:
    static FtlParams params() {
        FtlParams p;
        p.slc.bytes = kRegion;
        p.power_loss_protection = true;
        p.gc_idle_ns = 1'000'000;
        return p;
    }
    static NandParams nand() {
        NandParams p = four_dies();
        p.cell = Cell::kQlc;
        p.slc_read_ns = 20'000;
        p.slc_program_ns = 100'000;
        p.erase_ns = 3'000'000;
        return p;
    }
    explicit SlcTest(const FtlParams& p = params()) : FtlTest(p, nand()) {
        ftl.set_block_listener(this);
    }

    /// Writes without a pause. Returns bytes a second.
    double write_on(std::uint64_t offset, std::uint64_t bytes) {
        const TimePs begin = now;
        for (std::uint64_t at = 0; at != bytes; at += kStripe)
            now = std::max(now, ask(MediaOperation::kDestage, offset + at, kStripe).end);
        return static_cast<double>(bytes) * util::kPsPerS / static_cast<double>(now - begin);
    }
    void wait(TimePs time) {
        now += time;
        (void)ask(MediaOperation::kCacheAccess, 0, 0);
    }

    std::uint64_t units_told = 0;

    // Four dies program a stripe each.
    static constexpr double kFast = 4.0 * kStripe / 100e-6;
    static constexpr double kSlow = 4.0 * kStripe / 600e-6;

private:
    void on_block(const BlockNews& news) override {
        EXPECT_EQ(news.cause, BlockNews::Cause::kFolded);
        EXPECT_GT(news.end, 0u);
        units_told += news.units;
    }
};

TEST_F(SlcTest, WritesAreFastUntilTheRegionIsFull) {
    EXPECT_NEAR(write_on(0, kRegion / 2), kFast, .1 * kFast);
    EXPECT_NEAR(write_on(kRegion / 2, kRegion / 2), kFast, .1 * kFast);
    EXPECT_NEAR(write_on(kRegion, kRegion), kSlow, .1 * kSlow);
    EXPECT_EQ(ftl.statistics().units_folded, 0u) << "there was no time";
    EXPECT_EQ(ftl.statistics().write_amplification(), 1);
}

TEST_F(SlcTest, ItsPagesHaveTimesOfTheirOwn) {
    (void)write_on(0, kRegion + kStripe);
    now += 900 * kPsPerUs;  // all is programmed, and the drive is not idle yet
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), 24'096 * kPsPerNs);
    now += 100 * kPsPerUs;
    EXPECT_EQ(takes(MediaOperation::kRead, kRegion, kUnit), 54'096 * kPsPerNs);
}

TEST_F(SlcTest, AnIdleDriveFoldsAllOfItAndIsFastAgain) {
    (void)write_on(0, kRegion);
    wait(20 * kPsPerMs);
    const std::uint64_t some = ftl.statistics().units_folded;
    EXPECT_GT(some, 0u);
    EXPECT_LT(some, kRegion / kUnit);
    wait(1'000 * kPsPerMs);
    EXPECT_EQ(ftl.statistics().units_folded, kRegion / kUnit);
    EXPECT_EQ(units_told, kRegion / kUnit);
    EXPECT_EQ(ftl.statistics().slc_blocks_erased, 64u);
    EXPECT_EQ(ftl.statistics().write_amplification(), 2);
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), 54'096 * kPsPerNs);
    now += kPsPerMs;
    EXPECT_NEAR(write_on(kRegion, kRegion), kFast, .1 * kFast);
}

// What was written again and again is not worth folding.
TEST_F(SlcTest, ABlockWithoutValidDataIsErasedAtOnce) {
    for (unsigned round = 0; round != 20; ++round) (void)write_on(0, kRegion / 4);
    EXPECT_EQ(ftl.statistics().units_folded, 0u);
    EXPECT_GT(ftl.statistics().slc_blocks_erased, 200u);
    EXPECT_EQ(ftl.statistics().blocks_erased, 0u);
}

class SlcThatWaits : public SlcTest {
protected:
    static FtlParams params() {
        FtlParams p = SlcTest::params();
        p.slc.when_full = SlcFull::kFold;
        return p;
    }
    SlcThatWaits() : SlcTest(params()) {}
};

// Each stripe costs its program, the read and the program that fold it, and a part of an erase.
TEST_F(SlcThatWaits, AFullRegionMakesWritesWaitForBlocksThatAreFolded) {
    (void)write_on(0, kRegion);
    const double slow = 4.0 * kStripe / (100e-6 + 20e-6 + 600e-6 + 3000e-6 / 2);
    EXPECT_NEAR(write_on(kRegion, kRegion), slow, .1 * slow);
    EXPECT_NEAR(static_cast<double>(ftl.statistics().units_folded),
                static_cast<double>(kRegion / kUnit), 64);
}

TEST_F(SlcTest, ALossOfPowerForgetsNothingOfIt) {
    (void)write_on(0, kStripe);
    (void)ask(MediaOperation::kDestage, kStripe, kUnit);
    ftl.reset();
    now += kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kRead, kStripe, kUnit), 24'096 * kPsPerNs);
}

TEST(SlcSize, ItsBlocksAreAmongThoseThatTheDieHas) {
    FtlParams params;
    NandParams nand = four_dies();
    nand.blocks = 100;
    EXPECT_EQ(Ftl(params, nand).statistics().blocks_free, 400u);
    params.slc.bytes = 16 << 20;  // of three bits: blocks of 64 KiB
    EXPECT_EQ(Ftl(params, nand).statistics().blocks_free, 4 * (100u - 64u));
}

}  // namespace
}  // namespace media::test
