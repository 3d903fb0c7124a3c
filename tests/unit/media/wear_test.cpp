// SPDX-License-Identifier: Apache-2.0
#include "models/media/nand/wear.h"

#include <cstdint>
#include <map>

#include "tests/unit/media/ftl_fixture.h"

namespace media::test {
namespace {

constexpr std::uint32_t kMany = 100'000;

/// How many of many pages have to be read again `count` times at least.
double part_with(const Wear& wear, std::uint32_t count, std::uint32_t erases) {
    std::uint32_t found = 0;
    for (std::uint32_t page = 0; page != kMany; ++page)
        found += wear.retries({page % 7, page % 100, page, 1}, erases) >= count ? 1 : 0;
    return static_cast<double>(found) / kMany;
}

TEST(WearTest, PagesThatHaveToBeReadAgainGrowWithTheSquareOfTheErases) {
    WearParams p;
    p.endurance = 1'000;
    p.retry_percent = 20;
    const Wear wear(p);
    EXPECT_EQ(part_with(wear, 1, 0), 0);
    EXPECT_NEAR(part_with(wear, 1, 500), .05, .003);
    EXPECT_NEAR(part_with(wear, 1, 1'000), .2, .005);
    EXPECT_NEAR(part_with(wear, 2, 1'000), .04, .003) << "a part of those";
}

TEST(WearTest, AStripeIsAsBadAsItsWorstPage) {
    WearParams p;
    p.endurance = 1;
    p.retry_percent = 10;
    const Wear wear(p);
    std::uint32_t again = 0;
    for (std::uint32_t page = 0; page != kMany; ++page) {
        std::uint32_t worst = 0;
        for (std::uint32_t plane = 1; plane != 16; plane <<= 1)
            worst = std::max(worst, wear.retries({0, 0, page, plane}, 1));
        ASSERT_EQ(wear.retries({0, 0, page, 0xf}, 1), worst);
        again += worst != 0 ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(again) / kMany, 1 - .9 * .9 * .9 * .9, .005);
}

TEST(WearTest, BlocksAreBadAsOftenAsIsSaidAndOtherOnesWithAnotherSeed) {
    WearParams p;
    p.bad_blocks = 20;
    const Wear wear(p);
    EXPECT_NEAR(wear.good_blocks(3, kMany), .98 * kMany, 200);
    p.seed = 2;
    const Wear other(p);
    std::uint32_t both = 0;
    for (std::uint32_t block = 0; block != kMany; ++block)
        both += wear.is_bad(3, block) && other.is_bad(3, block) ? 1 : 0;
    EXPECT_NEAR(both, .0004 * kMany, 30);
}

TEST(WearTest, ABlockFailsOnceAndForAllAroundItsLife) {
    WearParams p;
    p.block_life = 1'000;
    p.block_life_spread = 10;
    const Wear wear(p);
    std::uint32_t below = 0;
    for (std::uint32_t block = 0; block != kMany; ++block) {
        ASSERT_FALSE(wear.fails(0, block, 900));
        ASSERT_TRUE(wear.fails(0, block, 1'101));
        below += wear.fails(0, block, 1'001) ? 1 : 0;
    }
    EXPECT_NEAR(below, kMany / 2, kMany / 100);
    p.block_life_spread = 0;
    EXPECT_FALSE(Wear(p).fails(0, 5, 1'000));
    EXPECT_TRUE(Wear(p).fails(0, 5, 1'001));
}

NandParams with(const WearParams& wear) {
    NandParams p = four_dies();
    p.wear = wear;
    return p;
}

WearParams all_pages_twice_more() {
    WearParams p;
    p.endurance = p.initial_erases = 100;
    p.retry_percent = 100;
    p.retry_limit = 2;
    return p;
}

class WornPages : public FtlTest {
protected:
    WornPages() : FtlTest({}, with(all_pages_twice_more())) {}
};

TEST_F(WornPages, AReadIsRepeatedWithTransferAndDecoding) {
    write(0, kStripe);
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), 3 * 54'096 * kPsPerNs);
    EXPECT_EQ(ftl.statistics().retries, 2u);
    now += kPsPerMs;
    EXPECT_EQ(takes(MediaOperation::kRead, 0, kUnit), 4'096 * kPsPerNs) << "from the register";
    EXPECT_EQ(ftl.statistics().used_percent, 100);
}

/// Of a given size, with blocks that fail after some thirty erases each.
class MortalBlocks : public FtlTest, private BlockListener {
protected:
    static constexpr std::uint64_t kBlocks = 128, kSpares = 8;
    static NandParams nand() {
        NandParams p = four_dies();
        p.blocks = kBlocks;  // of 256 KiB: 128 MiB
        p.wear.block_life = 30;
        p.wear.block_life_spread = 50;
        p.wear.spare_blocks = kSpares;
        return p;
    }
    explicit MortalBlocks(const NandParams& p = nand()) : FtlTest({}, p) {
        ftl.set_block_listener(this);
    }
    void write_all() {
        for (std::uint64_t at = 0; at != 64 << 20; at += kStripe) write(at, kStripe);
    }

    std::map<BlockNews::Cause, std::uint64_t> told;

private:
    void on_block(const BlockNews& news) override { ++told[news.cause]; }
};

TEST_F(MortalBlocks, AreReplacedBySpareOnesThenMissedAndInTheEndUsedOn) {
    EXPECT_EQ(ftl.statistics().spare_blocks, 4 * kSpares);
    EXPECT_EQ(ftl.statistics().spares_left, 4 * kSpares);
    while (ftl.statistics().blocks_failed == 0) write_all();
    EXPECT_EQ(told[BlockNews::Cause::kFailed], ftl.statistics().blocks_failed);
    while (ftl.statistics().spares_left != 0) {
        const MediaStatistics s = ftl.statistics();
        ASSERT_GE(s.blocks_failed, s.spare_blocks - s.spares_left);
        ASSERT_FALSE(s.worn_out);
        write_all();
    }
    EXPECT_GE(ftl.statistics().most_erases, 15u);
    while (!ftl.statistics().worn_out) write_all();
    // 64 MiB are 256 blocks; four of each die are those that are open, free, or to be collected.
    const MediaStatistics end = ftl.statistics();
    EXPECT_EQ(end.blocks_failed, 4 * kBlocks - 256 - 16);
    write_all();
    EXPECT_EQ(ftl.statistics().blocks_failed, end.blocks_failed) << "it has to go on somehow";
    EXPECT_EQ(told[BlockNews::Cause::kFailed], end.blocks_failed);
    EXPECT_GT(told[BlockNews::Cause::kWornOut], 0u);
    EXPECT_EQ(told[BlockNews::Cause::kCollected] + told[BlockNews::Cause::kFailed] +
                  told[BlockNews::Cause::kWornOut],
              ftl.statistics().blocks_erased);
}

class BadBlocks : public MortalBlocks {
protected:
    static NandParams nand() {
        NandParams p = MortalBlocks::nand();
        p.wear.bad_blocks = 100;
        return p;
    }
    BadBlocks() : MortalBlocks(nand()) {}
};

TEST_F(BadBlocks, AreAmongThoseThatTheDieHas) {
    const Wear wear(nand().wear);
    std::uint64_t good = 0;
    for (std::uint32_t die = 0; die != 4; ++die) good += wear.good_blocks(die, kBlocks) - kSpares;
    EXPECT_LT(good, 4 * (kBlocks - kSpares));
    EXPECT_EQ(ftl.statistics().blocks_free, good);
    while (ftl.statistics().spares_left == 4 * kSpares) write_all();
}

TEST(FtlWearParams, WhatDoesNotFitIsRefused) {
    NandParams p;
    p.wear.retry_percent = 5;
    p.wear.endurance = 0;
    EXPECT_EQ(validate(p),
              std::vector<std::string>{"nand_retry_percent = 5: must be 0 without nand_endurance"});
    p = {};
    p.blocks = 100;
    p.wear.spare_blocks = 100;
    EXPECT_EQ(validate(p), std::vector<std::string>{
                               "nand_spare_blocks = 100: must be less than nand_blocks (100)"});
}

}  // namespace
}  // namespace media::test
