// SPDX-License-Identifier: Apache-2.0
// What is seen of a controller from outside: how it stands with it, and whether it is at work.
#include <gtest/gtest.h>

#include "models/nvme/state/keep_alive.h"
#include "tests/support/core_harness.h"

namespace nvme::test {
namespace {

using spec::AdminOpcode;
using util::kPsPerMs;
using util::kPsPerNs;

spec::SubmissionEntry command(std::uint8_t opcode, std::uint32_t nsid = 1) {
    spec::SubmissionEntry entry{};
    entry.cdw0 = opcode;
    entry.nsid = nsid;
    return entry;
}

struct StatusTest : ::testing::Test {
    StatusTest() {
        h.add_namespace(1, 1 << 20);
        h.enable();
        queue = h.create_queues(1, 4);
    }
    void ring_flushes(unsigned count) {
        for (unsigned i = 0; i < count; ++i) h.push(queue, command(0));
        h.ring_tail(queue);
        h.settle();
    }
    [[nodiscard]] SubmissionQueueStatus sq() const {
        return h.controller->status().submission_queues.at(1);
    }
    [[nodiscard]] CompletionQueueStatus cq() const {
        return h.controller->status().completion_queues.at(1);
    }
    CoreHarness h;
    HostQueue queue;
};

TEST(ControllerWorking, IsWhatTheHostWaitsForAndNotWhatWaitsForTheHost) {
    ControllerParams params = instant_params();
    params.enable_time_ns = 1000;
    params.shutdown_time_ns = 1000;
    CoreHarness h(params);
    EXPECT_FALSE(h.controller->working());
    h.start_enable();
    h.run_for(10 * kPsPerNs);
    EXPECT_TRUE(h.controller->working()) << "CSTS.RDY will rise";
    h.run_for(1000 * kPsPerNs);
    EXPECT_FALSE(h.controller->working());
    h.push(h.admin_queue(), command(static_cast<std::uint8_t>(AdminOpcode::kAsyncEventRequest), 0));
    h.ring_tail(h.admin_queue());
    h.settle();
    EXPECT_FALSE(h.controller->working());
    EXPECT_EQ(h.controller->status().event_requests, 1u);
    h.write32(
        spec::offset::kCc,
        spec::Cc::from(h.read32(spec::offset::kCc)).with<spec::Cc::Shn>(spec::Shn::kNormal).raw);
    h.run_for(10 * kPsPerNs);
    EXPECT_TRUE(h.controller->working()) << "CSTS.SHST will change";
    h.run_for(1000 * kPsPerNs);
    EXPECT_FALSE(h.controller->working());
}

TEST_F(StatusTest, TellsOfQueuesNamespacesAndRegisters) {
    ring_flushes(2);
    const ControllerStatus status = h.controller->status();
    EXPECT_EQ(status.csts.raw, 1u);
    EXPECT_TRUE(status.powered);
    ASSERT_EQ(status.submission_queues.size(), 2u);
    EXPECT_EQ(sq().head, 2);
    EXPECT_EQ(sq().cqid, 1);
    EXPECT_EQ(sq().announced, 0u);
    EXPECT_EQ(cq().used, 2u);
    EXPECT_FALSE(cq().full);
    ASSERT_EQ(status.namespaces.size(), 1u);
    EXPECT_EQ(status.namespaces[0].blocks, 2048u);
}

TEST_F(StatusTest, SaysWhyEntriesAreNotFetched) {
    h.set_bus_master(false);
    ring_flushes(1);
    EXPECT_EQ(sq().announced, 1u);
    EXPECT_EQ(sq().waits, FetchWait::kDmaForbidden);
    h.set_bus_master(true);
    h.settle();
    EXPECT_EQ(sq().waits, FetchWait::kNothing);
    h.controller->fail();
    ring_flushes(1);
    EXPECT_EQ(sq().waits, FetchWait::kFatal);
}

TEST_F(StatusTest, TellsOfCompletionsThatWaitForRoomAndSinceWhen) {
    ring_flushes(3);
    EXPECT_TRUE(cq().full);
    EXPECT_FALSE(cq().since_ps.has_value());
    h.run_for(5 * kPsPerMs);
    const util::TimePs before = h.clock.now();
    ring_flushes(2);
    h.run_for(5 * kPsPerMs);
    EXPECT_EQ(cq().waiting, 2u);
    EXPECT_EQ(cq().since_ps, before);
    EXPECT_EQ(sq().in_flight, 2u);
    EXPECT_FALSE(h.controller->working()) << "only the host can go on";
}

TEST(KeepAliveTime, CanBePostponedAndNotShortened) {
    KeepAlive timer(1);
    timer.postpone(kPsPerMs);
    EXPECT_EQ(timer.deadline(), util::kNever) << "it is not active";
    timer.set_timeout(300, 0);
    timer.postpone(200 * kPsPerMs);
    EXPECT_EQ(timer.deadline(), 300 * kPsPerMs);
    timer.postpone(450 * kPsPerMs);
    EXPECT_EQ(timer.deadline(), 450 * kPsPerMs);
    timer.restart(200 * kPsPerMs);
    EXPECT_EQ(timer.deadline(), 500 * kPsPerMs);
}

}  // namespace
}  // namespace nvme::test
