// SPDX-License-Identifier: Apache-2.0
// Times of media, cache and link under load.
#include "tests/unit/nvme/media_load.h"

namespace nvme::test {
namespace {

// The first completion used to come after 1170 us: every transfer reserved the link for the moment
// at which it would be able to begin, and all that came later waited for that.
TEST(LinkTime, OfManyLongWritesTheFirstCompletesWhenItsOwnDataIsThere) {
    MediaTime t(timed(media::Model::kNone, 4));
    for (const std::uint32_t bytes : {4096u, 8192u, 12288u, 65536u, 131072u}) {
        const auto sqe = t.command(NvmOpcode::kWrite, 0, bytes);
        Stream writes(t.h, bytes == 131072 ? 2 : 1, 64, [&](unsigned) { return sqe; });
        writes.stopped = false;
        const TimePs start = t.h.clock.now();
        t.run({&writes}, 25 * kPsPerUs);
        // 7.9 GB/s, 24 bytes for each 256; and the fetch, the lists of all, the entry, the look.
        const double wire_us = bytes * (280.0 / 256) / 7877.0;
        const double us =
            static_cast<double>(writes.first_done - start) / static_cast<double>(kPsPerUs);
        EXPECT_GT(us, wire_us + 0.6) << bytes;
        EXPECT_LT(us, wire_us + 3.8) << bytes;
        writes.stopped = true;
        t.run({&writes}, 2'000 * kPsPerUs);
        auto remove = admin_command(spec::AdminOpcode::kDeleteIoSq);
        remove.cdw10 = bytes == 131072 ? 2 : 1;
        (void)t.h.admin(remove);
        remove = admin_command(spec::AdminOpcode::kDeleteIoCq);
        remove.cdw10 = bytes == 131072 ? 2 : 1;
        (void)t.h.admin(remove);
    }
}

// Reads and writes together used to share what each direction carries.
TEST(LinkTime, TheTwoDirectionsCarryTheirDataAtTheSameTime) {
    for (const std::uint32_t bytes : {131072u, 4096u}) {
        MediaTime t(timed(media::Model::kNone, 4));
        const auto read = t.command(NvmOpcode::kRead, 0, bytes);
        const auto write = t.command(NvmOpcode::kWrite, 1024, bytes);
        Stream reads(t.h, 1, 64, [&](unsigned) { return read; });
        Stream writes(t.h, 2, 64, [&](unsigned) { return write; });
        t.run({&reads, &writes}, 100 * kPsPerUs);
        const unsigned reads_before = reads.done, writes_before = writes.done;
        constexpr TimePs kDuration = 2'000 * kPsPerUs;
        t.run({&reads, &writes}, kDuration);
        const double up = mib_per_s(reads.done - reads_before, bytes, kDuration);
        const double down = mib_per_s(writes.done - writes_before, bytes, kDuration);
        // 6868 MiB/s each way without anything else. Up go completion entries and the requests of
        // the writes, 24 bytes for each 512, besides; down come entries and lists.
        EXPECT_GT(up, 6868 * 0.92) << bytes;
        EXPECT_LT(up, 6868) << bytes;
        EXPECT_GT(down, 6868 * 0.95) << bytes;
        EXPECT_LT(down, 6868) << bytes;
    }
}

TEST(MediaTimeAtDepthOne, AReadIsTheSumOfItsParts) {
    ControllerParams p = timed(media::Model::kFixed, 0);
    p.doorbell_to_fetch_ns = 100;
    p.firmware_per_command_ns = 200;
    p.media.fixed.read_ns = 50'000;
    MediaTime t(p);
    HostQueue q = t.h.create_queues(1, 16);
    const TimePs start = t.h.clock.now();
    t.h.push(q, t.command(NvmOpcode::kRead, 3, kBlock));
    t.h.ring_tail(q);
    t.h.run_until(start + 50'300 * kPsPerNs - 1);
    EXPECT_FALSE(t.h.poll(q));
    t.h.run_until(start + 50'300 * kPsPerNs);
    EXPECT_TRUE(t.h.poll(q));
}

TEST(MediaTimeAtDepthOne, ACachedWriteGrowsWithItsSizeAndAReadThatHitsCostsTheCache) {
    ControllerParams p = timed(media::Model::kFixed, 0);
    p.media.fixed.cache_write_ns = 2'000;
    MediaTime t(p);
    HostQueue q = t.h.create_queues(1, 16);
    const auto takes = [&](const spec::SubmissionEntry& sqe, TimePs time) {
        const TimePs start = t.h.clock.now();
        t.h.push(q, sqe);
        t.h.ring_tail(q);
        t.h.run_until(start + time - 1);
        EXPECT_FALSE(t.h.poll(q)) << "too early";
        t.h.run_until(start + time);
        EXPECT_TRUE(t.h.poll(q)) << "too late";
    };
    takes(t.command(NvmOpcode::kWrite, 0, 4096), 2 * kPsPerUs);
    takes(t.command(NvmOpcode::kWrite, 1, 65536), 32 * kPsPerUs);
    takes(t.command(NvmOpcode::kRead, 0, 4096), 2 * kPsPerUs);
    takes(t.command(NvmOpcode::kRead, 1, 65536), 32 * kPsPerUs);
    // The last of four is not in the cache: the media reads it while the cache gives the others.
    takes(t.command(NvmOpcode::kRead, 14, 16384), 50 * kPsPerUs);
    takes(t.command(NvmOpcode::kRead, 100, 4096), 50 * kPsPerUs);
}

// 32 units of 4 KiB in 50 us. By Little's law 32 commands in flight, each of which takes L, end
// 32 / L times a second.
TEST(MediaTimeUnderLoad, ReadsAreLimitedByTheMediaAndFollowLittlesLaw) {
    MediaTime t(timed(media::Model::kFixed, 0));
    Stream reads(t.h, 1, 32, t.random(NvmOpcode::kRead));
    t.run({&reads}, 1'000 * kPsPerUs);
    constexpr TimePs kDuration = 20'000 * kPsPerUs;
    const unsigned ended = t.count({&reads}, reads, kDuration);
    const double per_second = ended / (static_cast<double>(kDuration) / util::kPsPerS);
    EXPECT_NEAR(per_second, 32 / 50e-6, 32 / 50e-6 * 0.01);
    Stream many(t.h, 2, 250, t.random(NvmOpcode::kRead));
    reads.stopped = true;
    t.run({&reads, &many}, 2'000 * kPsPerUs);
    const unsigned saturated = t.count({&many}, many, kDuration);
    EXPECT_GT(mib_per_s(saturated, kBlock, kDuration), 2'500 * 0.9);
    EXPECT_LE(mib_per_s(saturated, kBlock, kDuration), 2'500 * 1.001);
}

// A full cache used to be emptied in no time: random writes never became slower than the cache.
class SustainedWrites : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(SustainedWrites, AreThoseOfTheMediaAndBurstsThoseOfTheCache) {
    ControllerParams p = timed(media::Model::kFixed, 0);
    p.write_cache_bytes = GetParam();
    MediaTime t(p);
    const unsigned lines = GetParam() / kBlock;
    Stream writes(t.h, 1, 32, t.random(NvmOpcode::kWrite));
    const TimePs start = t.h.clock.now();
    if (lines >= 1024) {
        while (writes.done < lines / 2) t.run({&writes}, 10 * kPsPerUs);
        EXPECT_GT(mib_per_s(writes.done, kBlock, t.h.clock.now() - start), 2 * 625) << "a burst";
    }
    while (writes.done < lines + 4'000) t.run({&writes}, 100 * kPsPerUs);
    constexpr TimePs kDuration = 50'000 * kPsPerUs;
    const unsigned ended = t.count({&writes}, writes, kDuration);
    // 32 units of 4 KiB in 200 us: 625 MiB/s.
    EXPECT_LE(mib_per_s(ended, kBlock, kDuration), 625 * 1.01);
    if (lines >= 256) {
        EXPECT_GE(mib_per_s(ended, kBlock, kDuration), 625 * 0.9);
    }
}
INSTANTIATE_TEST_SUITE_P(Caches, SustainedWrites, ::testing::Values(4096u, 1u << 20, 16u << 20));

// A flush ends after the programs of what has left the cache before it.
TEST(MediaTimeUnderLoad, AFlushWaitsForWhatIsBeingProgrammed) {
    ControllerParams p = timed(media::Model::kFixed, 0);
    p.write_cache_bytes = 4096;
    p.media.fixed.units = 1;
    p.media.fixed.flush_ns = 7'000;
    MediaTime t(p);
    HostQueue q = t.h.create_queues(1, 64);
    for (unsigned i = 0; i < 5; ++i) t.h.push(q, t.command(NvmOpcode::kWrite, i, kBlock));
    t.h.ring_tail(q);
    t.h.run_until(t.h.clock.now());
    const TimePs start = t.h.clock.now();
    t.h.push(q, io_command(NvmOpcode::kFlush, 1, 0, 1));
    t.h.ring_tail(q);
    t.h.run_until(start + (5 * 200 + 7) * kPsPerUs - 1);
    unsigned ended = 0;
    while (t.h.poll(q)) ++ended;
    EXPECT_EQ(ended, 5u);
    t.h.run_until(start + (5 * 200 + 7) * kPsPerUs);
    EXPECT_TRUE(t.h.poll(q));
}

// CC.EN = 0 used to make busy media idle.
TEST(MediaTimeUnderLoad, AResetOfTheControllerDoesNotMakeBusyMediaIdle) {
    ControllerParams p = timed(media::Model::kFixed, 0);
    p.media.fixed.units = 1;
    MediaTime t(p);
    HostQueue q = t.h.create_queues(1, 64);
    const TimePs start = t.h.clock.now();
    for (unsigned i = 0; i < 8; ++i) t.h.push(q, t.command(NvmOpcode::kRead, i, kBlock));
    t.h.ring_tail(q);
    t.h.run_until(start);
    t.h.write32(spec::offset::kCc, 0);
    t.h.run_until(start);
    t.h.start_enable();
    t.h.run_until(start);
    ASSERT_TRUE(t.h.ready());
    q = t.h.create_queues(1, 64);
    ASSERT_LT(t.h.clock.now(), start + 300 * kPsPerUs);
    t.h.push(q, t.command(NvmOpcode::kRead, 0, kBlock));
    t.h.ring_tail(q);
    t.h.run_until(start + 450 * kPsPerUs - 1);
    EXPECT_FALSE(t.h.poll(q));
    t.h.run_until(start + 450 * kPsPerUs);
    EXPECT_TRUE(t.h.poll(q));
}

// Loss of power does.
TEST(MediaTimeUnderLoad, AfterALossOfPowerTheMediaIsIdle) {
    ControllerParams p = timed(media::Model::kFixed, 0);
    p.media.fixed.units = 1;
    MediaTime t(p);
    HostQueue q = t.h.create_queues(1, 64);
    for (unsigned i = 0; i < 8; ++i) t.h.push(q, t.command(NvmOpcode::kRead, i, kBlock));
    t.h.ring_tail(q);
    t.h.run_until(t.h.clock.now());
    t.h.subsystem.set_power(false);
    t.h.subsystem.set_power(true);
    t.h.settle();
    t.h.enable();
    q = t.h.create_queues(1, 64);
    const TimePs start = t.h.clock.now();
    t.h.push(q, t.command(NvmOpcode::kRead, 0, kBlock));
    t.h.ring_tail(q);
    t.h.run_until(start + 50 * kPsPerUs);
    EXPECT_TRUE(t.h.poll(q));
}

}  // namespace
}  // namespace nvme::test
