// SPDX-License-Identifier: Apache-2.0
// The controller's memory, and what power states let through.
#include "tests/unit/nvme/completion_times.h"

namespace nvme::test {
namespace {

constexpr std::uint32_t kLong = 131072;

/// Nothing takes time but what the test says. At 1000 MB/s a byte is a nanosecond.
ControllerParams only(std::uint32_t dram_mb_s, const char* power_states = "mp=9000") {
    ControllerParams p = timed(media::Model::kNone, 0);
    p.link.latency_ns = 0;
    p.dram_mb_s = dram_mb_s;
    p.power_states = power_states;
    return p;
}

class DataPathTime : public ::testing::Test {
protected:
    using Times = std::vector<TimePs>;

    static Times times(const ControllerParams& p, NvmOpcode opcode, std::uint32_t bytes,
                       unsigned commands, std::uint32_t power_state = 0) {
        MediaTime t(p);
        HostQueue q = t.h.create_queues(1, 64);
        enter(t, power_state);
        const std::vector<spec::SubmissionEntry> all(commands, t.command(opcode, 0, bytes));
        return completion_times(t, q, all);
    }
    static void enter(MediaTime& t, std::uint32_t power_state) {
        auto set = admin_command(spec::AdminOpcode::kSetFeatures);
        set.cdw10 = static_cast<std::uint32_t>(spec::FeatureId::kPowerManagement);
        set.cdw11 = power_state;
        ASSERT_EQ(status_of(t.h.admin(set)), spec::StatusCode::kSuccess);
    }
};

// What goes out takes the memory as long again, but nobody waits for it.
TEST_F(DataPathTime, DataEnterTheMemoryAndLeaveIt) {
    for (const NvmOpcode opcode : {NvmOpcode::kRead, NvmOpcode::kWrite, NvmOpcode::kCompare}) {
        EXPECT_EQ(times(only(1'000), opcode, kLong, 1), (Times{131'072 * kPsPerNs}));
        EXPECT_EQ(times(only(1'000), opcode, kLong, 3),
                  (Times{131'072 * kPsPerNs, 3 * 131'072 * kPsPerNs, 5 * 131'072 * kPsPerNs}));
    }
    EXPECT_EQ(times(only(0), NvmOpcode::kRead, kLong, 2), (Times{0, 0})) << "no limit";
}

TEST_F(DataPathTime, RoundsEachTransferUpToThePicosecond) {
    MediaTime t(only(3'000));
    HostQueue q = t.h.create_queues(1, 64);
    t.h.push(q, t.command(NvmOpcode::kRead, 0, kBlock));
    const TimePs start = t.h.clock.now();
    t.h.ring_tail(q);
    t.h.run_until(start + 1'365'333);
    EXPECT_FALSE(t.h.poll(q));
    t.h.run_until(start + 1'365'334);
    EXPECT_TRUE(t.h.poll(q));
}

// A hit in the write cache is as much data as what comes from the media.
TEST_F(DataPathTime, WhatTheCacheHoldsPassesTheMemoryToo) {
    ControllerParams p = only(1'000);
    p.media.model = media::Model::kFixed;
    p.media.fixed.cache_write_ns = 2'000;
    MediaTime t(p);
    HostQueue q = t.h.create_queues(1, 64);
    const TimePs us = 4'096 * kPsPerNs + 2 * kPsPerUs;
    EXPECT_EQ(completion_times(t, q, {t.command(NvmOpcode::kWrite, 0, kBlock)}), (Times{us}));
    t.h.run_for(10 * kPsPerUs);  // until the data have left
    EXPECT_EQ(completion_times(t, q, {t.command(NvmOpcode::kRead, 0, kBlock)}), (Times{us}));
}

TEST_F(DataPathTime, OtherCommandsWithDataPassTheMemoryAndThoseWithoutDoNot) {
    MediaTime t(only(1'000));
    HostQueue q = t.h.create_queues(1, 64);
    const TimePs block = 4'096 * kPsPerNs;
    const auto takes = [&](const std::vector<spec::SubmissionEntry>& sqes, TimePs time) {
        t.h.run_for(100 * kPsPerUs);
        EXPECT_EQ(completion_times(t, q, sqes).back(), time) << sqes.front().cdw0;
    };
    takes({io_command(NvmOpcode::kVerify, 1, 0, 4)}, 4 * block);
    takes({io_command(NvmOpcode::kWriteZeroes, 1, 0, 4)}, 0);
    takes({io_command(NvmOpcode::kFlush, 1)}, 0);
    auto copy = io_command(NvmOpcode::kCopy, 1, 100, 1, t.h.alloc(4'096));
    spec::CopyRange range{};
    range.nlb = 3;
    t.h.memory.put(copy.prp1, range);
    copy.cdw12 = 0;
    takes({copy}, 4 * block);
    auto compare = t.command(NvmOpcode::kCompare, 0, kBlock);
    auto write = t.command(NvmOpcode::kWrite, 0, kBlock);
    using C = spec::Cdw0;
    compare.cdw0 = C::from(compare.cdw0).with<C::Fuse>(spec::kFuseFirst).raw;
    write.cdw0 = C::from(write.cdw0).with<C::Fuse>(spec::kFuseSecond).raw;
    takes({compare, write}, 3 * block);  // what is compared goes out between
}

TEST_F(DataPathTime, ReadsAndWritesShareTheMemory) {
    MediaTime t(only(2'000));
    Stream reads(t.h, 1, 16, t.random(NvmOpcode::kRead));
    Stream writes(t.h, 2, 16, t.random(NvmOpcode::kWrite));
    t.run({&reads, &writes}, 500 * kPsPerUs);
    const unsigned before = writes.done;
    const unsigned read = t.count({&reads, &writes}, reads, 10'000 * kPsPerUs);
    // 2000 MB/s in and out: 1000 MB/s of data, 4096 bytes each.
    EXPECT_NEAR(read + (writes.done - before), 10e6 / 4'096, 25);
    EXPECT_NEAR(read, 5e6 / 4'096, 125);
}

TEST_F(DataPathTime, APowerStateLetsThroughWhatItSays) {
    const ControllerParams p = only(0, "mp=9000;mp=4000,rmax=100,wmax=50");
    EXPECT_EQ(times(p, NvmOpcode::kRead, kLong, 2, 0), (Times{0, 0}));
    const TimePs read = 1'310'720 * kPsPerNs;
    EXPECT_EQ(times(p, NvmOpcode::kRead, kLong, 2, 1), (Times{read, 2 * read}));
    EXPECT_EQ(times(p, NvmOpcode::kWrite, kLong, 2, 1), (Times{2 * read, 4 * read}));
}

TEST_F(DataPathTime, ReadsAndWritesHaveALimitEachAndItChangesWithTheState) {
    MediaTime t(only(0, "mp=9000,rmax=1000;mp=4000,rmax=100,wmax=50"));
    Stream reads(t.h, 1, 16, t.random(NvmOpcode::kRead));
    Stream writes(t.h, 2, 16, t.random(NvmOpcode::kWrite));
    writes.stopped = true;
    t.run({&reads}, 1'000 * kPsPerUs);
    EXPECT_NEAR(t.count({&reads}, reads, 10'000 * kPsPerUs), 10e6 / 4'096, 25);
    reads.stopped = true;
    t.run({&reads}, 1'000 * kPsPerUs);
    enter(t, 1);
    reads.stopped = writes.stopped = false;
    t.run({&reads, &writes}, 5'000 * kPsPerUs);
    const unsigned before = writes.done;
    const unsigned read = t.count({&reads, &writes}, reads, 100'000 * kPsPerUs);
    EXPECT_NEAR(read, 10e6 / 4'096, 25);
    EXPECT_NEAR(writes.done - before, 5e6 / 4'096, 13);
}

// The queue's deletion takes commands out that wait for the memory; a reset makes it idle.
TEST_F(DataPathTime, CommandsThatWaitForItCanBeTakenOut) {
    MediaTime t(only(1));
    HostQueue q = t.h.create_queues(1, 64);
    for (unsigned i = 0; i < 8; ++i) t.h.push(q, t.command(NvmOpcode::kRead, i, kBlock));
    t.h.ring_tail(q);
    t.h.run_for(100 * kPsPerUs);
    auto remove = admin_command(spec::AdminOpcode::kDeleteIoSq);
    remove.cdw10 = 1;
    t.h.push(t.h.admin_queue(), remove);
    t.h.ring_tail(t.h.admin_queue());
    t.h.run_for(kPsPerUs);
    EXPECT_TRUE(t.h.poll(t.h.admin_queue()));
    t.h.disable();
    t.h.enable();
    q = t.h.create_queues(1, 64);
    EXPECT_EQ(completion_times(t, q, {t.command(NvmOpcode::kRead, 0, kBlock)}),
              (Times{4'096 * kPsPerUs}));
}

}  // namespace
}  // namespace nvme::test
