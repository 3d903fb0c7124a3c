// SPDX-License-Identifier: Apache-2.0
// What the collector moves though nobody needs the room.
#include "tests/unit/media/ftl_fixture.h"

namespace media::test {
namespace {

NandParams disturbed() {
    NandParams p = four_dies();
    p.wear.read_limit = 100;
    return p;
}

class ReadDisturb : public FtlTest, private BlockListener {
protected:
    ReadDisturb() : FtlTest({}, disturbed()) { ftl.set_block_listener(this); }
    void read(std::uint64_t offset) {
        (void)ask(MediaOperation::kRead, offset, kUnit);
        now += kPsPerMs;
    }
    BlockNews last{};

private:
    void on_block(const BlockNews& news) override { last = news; }
};

TEST_F(ReadDisturb, ABlockThatIsReadSoOftenIsMovedAndErased) {
    // A block of each die: eight stripes of 32 KiB.
    for (unsigned i = 0; i != 4 * 8; ++i) write(i * kStripe, kStripe);
    for (unsigned i = 0; i != 99; ++i) read(i % 8 * 4 * kStripe);
    EXPECT_EQ(ftl.statistics().blocks_refreshed, 0u);
    for (unsigned i = 0; i != 7; ++i) read(0);
    EXPECT_EQ(ftl.statistics().units_moved, 7u * 8) << "a stripe with each read";
    EXPECT_EQ(ftl.statistics().blocks_erased, 0u);
    read(0);
    EXPECT_EQ(ftl.statistics().blocks_refreshed, 1u);
    EXPECT_EQ(ftl.statistics().units_moved, 64u);
    EXPECT_EQ(ftl.statistics().blocks_erased, 1u);
    EXPECT_EQ(last.cause, BlockNews::Cause::kRefreshed);
    EXPECT_EQ(last.units, 64u);
    now += 100 * kPsPerMs;
    read(0);
    EXPECT_EQ(takes(MediaOperation::kRead, 4 * kStripe, kUnit), 54'096 * kPsPerNs)
        << "it lies somewhere else";
    EXPECT_EQ(ftl.statistics().units_moved, 64u) << "and has not been read there so often";
}

TEST_F(ReadDisturb, AnOpenBlockIsMovedWhenItIsFull) {
    write(0, kStripe);
    for (unsigned i = 0; i != 150; ++i) read(0);
    EXPECT_EQ(ftl.statistics().units_moved, 0u);
    for (unsigned i = 1; i != 4 * 8; ++i) write(i * kStripe, kStripe);
    read(0);
    EXPECT_EQ(ftl.statistics().blocks_refreshed, 1u);
}

/// Three quarters of the drive are written once, the rest again and again.
MediaStatistics hot_and_cold(std::uint32_t wear_limit) {
    FtlParams params;
    params.wear_limit = wear_limit;
    params.over_provisioning = 28;
    params.power_loss_protection = true;
    Ftl ftl(params, four_dies());
    constexpr std::uint64_t kSize = 64 << 20;
    EXPECT_EQ(ftl.set_size(1, kSize), "");
    TimePs now = 0;
    const auto write = [&](std::uint64_t offset) {
        ftl.set_now(now);
        now = ftl.schedule(now, {MediaOperation::kProgram, 1, offset, kStripe}).end;
    };
    for (std::uint64_t at = 0; at != kSize; at += kStripe) write(at);
    for (unsigned round = 0; round != 200; ++round)
        for (std::uint64_t at = 0; at != kSize / 4; at += kStripe) write(at);
    return ftl.statistics();
}

TEST(StaticWearLevelling, KeepsBlocksOfColdDataFromStayingBehind) {
    const MediaStatistics without = hot_and_cold(0), with = hot_and_cold(5);
    EXPECT_EQ(without.blocks_levelled, 0u);
    EXPECT_GT(with.blocks_levelled, 0u);
    // 200 times 16 MiB over 88 MiB of blocks: 36 erases of each, if all of them take part.
    EXPECT_GT(without.most_erases, 70u);
    EXPECT_LT(with.most_erases, 50u);
    EXPECT_LT(with.write_amplification(), 1.3);
}

}  // namespace
}  // namespace media::test
