// SPDX-License-Identifier: Apache-2.0
// The cores that run the firmware: decoding, and the work on completions.
#include "models/nvme/engine/firmware_cores.h"

#include <random>

#include "tests/unit/nvme/completion_times.h"

namespace nvme::test {
namespace {

TEST(FirmwareCores, ACommandTakesTheCoreThatIsFreeFirst) {
    FirmwareCores cores(2);
    EXPECT_EQ(cores.decode(10, 5), 15u);
    EXPECT_EQ(cores.decode(10, 20), 30u);
    EXPECT_EQ(cores.decode(12, 5), 20u) << "behind the shorter one";
    EXPECT_EQ(cores.decode_begin(), 15u);
    EXPECT_EQ(cores.decode(40, 5), 45u);
    cores.reset();
    EXPECT_EQ(cores.decode_begin(), 0u);
    EXPECT_EQ(cores.decode(0, 5), 5u);
}

// A command is given to a core before it has arrived.
TEST(FirmwareCores, WorkThatIsThereGoesBeforeACommandThatIsNotIfItIsOverByThen) {
    FirmwareCores cores(1);
    EXPECT_EQ(cores.decode(100, 10), 110u);
    EXPECT_EQ(cores.run(0, 60), 60u);
    EXPECT_EQ(cores.run(0, 50), 160u) << "40 are left before the command";
    EXPECT_EQ(cores.run(50, 40), 100u);
    EXPECT_EQ(cores.run(50, 1), 161u) << "nothing is left";
}

TEST(FirmwareCores, NothingOverlapsAndNothingBeginsBeforeItIsThere) {
    std::mt19937_64 random(1);
    for (unsigned round = 0; round < 200; ++round) {
        const std::size_t count = 1 + random() % 4;
        FirmwareCores cores(count);
        std::vector<std::pair<TimePs, int>> edges;  // of all work that takes time
        TimePs now = 0;
        for (unsigned i = 0; i < 200; ++i) {
            now += random() % 20;
            const TimePs work = 1 + random() % 30;
            const TimePs from = now + (random() % 2 != 0 ? random() % 40 : 0);
            const bool command = random() % 2 != 0;
            const TimePs end = command ? cores.decode(from, work) : cores.run(now, work);
            ASSERT_GE(end, (command ? from : now) + work);
            edges.emplace_back(end - work, +1);
            edges.emplace_back(end, -1);
        }
        std::sort(edges.begin(), edges.end());
        int running = 0;
        for (const auto& edge : edges) {
            running += edge.second;
            ASSERT_LE(running, static_cast<int>(count));
        }
    }
}

class FirmwareTime : public ::testing::Test {
protected:
    static std::vector<TimePs> times_ns(std::uint32_t cores, std::uint64_t completion_ns,
                                        NvmOpcode opcode, unsigned commands) {
        ControllerParams p = timed(media::Model::kNone, 0);
        p.link.latency_ns = 0;
        p.firmware_cores = cores;
        p.firmware_per_command_ns = 200;
        p.firmware_completion_ns = completion_ns;
        MediaTime t(p);
        HostQueue q = t.h.create_queues(1, 64);
        const std::vector<spec::SubmissionEntry> all(commands, t.command(opcode, 0, kBlock));
        std::vector<TimePs> times = completion_times(t, q, all);
        for (TimePs& time : times) time /= kPsPerNs;
        return times;
    }
    using Times = std::vector<TimePs>;
};

TEST_F(FirmwareTime, OneCoreDecodesCommandsOneAfterTheOther) {
    EXPECT_EQ(times_ns(1, 0, NvmOpcode::kRead, 4), (Times{200, 400, 600, 800}));
}

TEST_F(FirmwareTime, CoresDecodeAsManyCommandsAtATimeAsThereAreOfThem) {
    EXPECT_EQ(times_ns(2, 0, NvmOpcode::kRead, 5), (Times{200, 200, 400, 400, 600}));
    EXPECT_EQ(times_ns(64, 0, NvmOpcode::kWrite, 5), (Times{200, 200, 200, 200, 200}));
}

// The decoder has taken the first two when the first of them ends.
TEST_F(FirmwareTime, ACompletionTakesItsTimeOnTheSameCores) {
    EXPECT_EQ(times_ns(1, 300, NvmOpcode::kRead, 1), (Times{500}));
    EXPECT_EQ(times_ns(1, 300, NvmOpcode::kWrite, 2), (Times{700, 1000}));
    EXPECT_EQ(times_ns(2, 300, NvmOpcode::kRead, 2), (Times{500, 500}));
}

// By 1 / (decoding + completion) for each core.
TEST_F(FirmwareTime, ThroughputIsThatOfTheCores) {
    for (const std::uint32_t cores : {1u, 3u}) {
        ControllerParams p = timed(media::Model::kNone, 0);
        p.firmware_cores = cores;
        p.firmware_per_command_ns = 700;
        p.firmware_completion_ns = 300;
        MediaTime t(p);
        Stream reads(t.h, 1, 64, t.random(NvmOpcode::kRead));
        t.run({&reads}, 200 * kPsPerUs);
        EXPECT_NEAR(t.count({&reads}, reads, 2'000 * kPsPerUs), 2'000 * cores, 20 * cores);
    }
}

TEST_F(FirmwareTime, FusedCommandsEndOneBehindTheOtherAndAnAbortedOneIsWorkToo) {
    ControllerParams p = timed(media::Model::kNone, 0);
    p.firmware_cores = 2;
    p.firmware_completion_ns = 300;
    MediaTime t(p);
    HostQueue q = t.h.create_queues(1, 64);
    auto compare = t.command(NvmOpcode::kCompare, 0, kBlock);
    auto write = t.command(NvmOpcode::kWrite, 0, kBlock);
    using C = spec::Cdw0;
    compare.cdw0 = C::from(compare.cdw0).with<C::Fuse>(spec::kFuseFirst).raw;
    write.cdw0 = C::from(write.cdw0).with<C::Fuse>(spec::kFuseSecond).raw;
    const auto times = completion_times(t, q, {compare, write});
    EXPECT_EQ(times, (Times{300 * kPsPerNs, 300 * kPsPerNs}));

    const std::uint16_t cid = t.h.push(q, t.command(NvmOpcode::kRead, 0, kBlock));
    auto abort = admin_command(spec::AdminOpcode::kAbort);
    abort.cdw10 = std::uint32_t{cid} << 16 | 1;
    t.h.ring_tail(q);
    t.h.run_until(t.h.clock.now());
    const auto late = t.h.admin(abort);
    EXPECT_EQ(late.dw0 & 1, 1u) << "its data has been moved: it is not aborted any more";
    EXPECT_TRUE(t.h.poll(q));
}

// The end of a decoding that never was, less its time, lay at the end of time, and so did the next
// turn: when the first command of all was aborted before it was fetched, none was fetched any more.
TEST_F(FirmwareTime, ACommandThatIsAbortedBeforeItIsFetchedTakesNoTurn) {
    ControllerParams p = timed(media::Model::kNone, 0);
    p.link.latency_ns = 0;
    p.firmware_per_command_ns = 200;
    p.power_states = "mp=9000;mp=100,nops,exlat=100";
    CoreHarness h(p);
    h.add_namespace(1, 1 << 20);
    h.enable(32, CoreHarness::default_cc().with<spec::Cc::Ams>(spec::kAmsWeightedRoundRobin));
    HostQueue q = h.create_queues(1, 16);
    auto sleep = admin_command(spec::AdminOpcode::kSetFeatures);
    sleep.cdw10 = static_cast<std::uint32_t>(spec::FeatureId::kPowerManagement);
    sleep.cdw11 = 1;
    EXPECT_EQ(status_of(h.admin(sleep)), spec::StatusCode::kSuccess);
    const auto flush = io_command(NvmOpcode::kFlush, 1);
    auto abort = admin_command(spec::AdminOpcode::kAbort);
    abort.cdw10 = std::uint32_t{h.push(q, flush)} << 16 | 1;
    h.ring_tail(q);
    h.run_for(kPsPerUs);  // it wakes up, and fetches nothing until then
    h.push(h.admin_queue(), abort);
    h.ring_tail(h.admin_queue());
    h.run_for(100 * kPsPerUs);
    const auto aborted = h.poll(q);
    ASSERT_TRUE(aborted);
    EXPECT_EQ(status_of(*aborted), spec::StatusCode::kAbortRequested);
    h.push(q, flush);
    h.ring_tail(q);
    h.run_for(kPsPerUs);
    EXPECT_TRUE(h.poll(q));
}

TEST_F(FirmwareTime, QueuesThatGoWhileTheirCommandsEndLeaveNothingBehind) {
    ControllerParams p = timed(media::Model::kFixed, 0);
    p.firmware_completion_ns = 3'000;
    p.media.fixed.read_ns = 1'000;
    MediaTime t(p);
    HostQueue q = t.h.create_queues(1, 64);
    for (unsigned i = 0; i < 8; ++i) t.h.push(q, t.command(NvmOpcode::kRead, i, kBlock));
    t.h.ring_tail(q);
    t.h.run_for(5 * kPsPerUs);
    auto remove = admin_command(spec::AdminOpcode::kDeleteIoSq);
    remove.cdw10 = 1;
    EXPECT_EQ(status_of(t.h.admin(remove)), spec::StatusCode::kSuccess);
    unsigned ended = 0;
    while (t.h.poll(q)) ++ended;
    EXPECT_EQ(ended, 8u);
    t.h.disable();
    t.h.enable();
    q = t.h.create_queues(1, 64);
    EXPECT_EQ(completion_times(t, q, {t.command(NvmOpcode::kRead, 0, kBlock)}),
              (Times{4'000 * kPsPerNs}));
}

}  // namespace
}  // namespace nvme::test
