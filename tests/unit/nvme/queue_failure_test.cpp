// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>

#include "tests/support/core_harness.h"

// Queues in memory that cannot be reached, and doorbells that break the protocol.
namespace nvme::test {
namespace {
using spec::AdminOpcode;
using spec::NvmOpcode;
using spec::StatusCode;
namespace offset = spec::offset;

// Dword 0 of error events: type 0, information in bits 15:8, log page 01h in bits 23:16.
constexpr std::uint32_t kBadRegister = 0x0001'0000;
constexpr std::uint32_t kBadValue = 0x0001'0100;
constexpr std::uint32_t kTransientError = 0x0001'0400;

class QueueFailureTest : public testing::Test {
protected:
    QueueFailureTest() {
        h.add_namespace(1, 1 << 20);
        h.enable();
        broken = h.create_queues(1, 8);
        other = h.create_queues(2, 8);
        h.push(h.admin_queue(), admin_command(AdminOpcode::kAsyncEventRequest));
        h.ring_tail(h.admin_queue());
        h.settle();
    }
    void submit_flush(HostQueue& q) {
        h.push(q, io_command(NvmOpcode::kFlush, 1));
        h.ring_tail(q);
        h.settle();
    }
    /// The event request has completed with `dw0`, and nothing else has.
    void expect_event(std::uint32_t dw0) {
        const auto cqe = h.poll(h.admin_queue());
        ASSERT_TRUE(cqe);
        EXPECT_EQ(cqe->dw0, dw0);
        EXPECT_EQ(status_of(*cqe), StatusCode::kSuccess);
        EXPECT_FALSE(h.poll(h.admin_queue()));
    }
    void expect_no_event() { EXPECT_FALSE(h.poll(h.admin_queue())); }
    StatusCode remove(AdminOpcode opcode, std::uint16_t qid) {
        auto sqe = admin_command(opcode);
        sqe.cdw10 = qid;
        return status_of(h.admin(sqe));
    }
    /// The broken queue pair can be deleted and made anew, and the other one never noticed.
    void expect_recovery() {
        EXPECT_FALSE(h.fatal());
        h.write_and_verify(other, 1, 1);
        h.memory.heal();
        EXPECT_EQ(remove(AdminOpcode::kDeleteIoSq, 1), StatusCode::kSuccess);
        EXPECT_EQ(remove(AdminOpcode::kDeleteIoCq, 1), StatusCode::kSuccess);
        broken = h.create_queues(1, 8);
        h.write_and_verify(broken, 1, 2);
    }
    void ring(std::uint32_t qid, bool completion, std::uint32_t value) {
        h.write32(offset::kDoorbells + 8 * qid + (completion ? 4 : 0), value);
        h.settle();
    }
    CoreHarness h;
    HostQueue broken, other;
};

TEST_F(QueueFailureTest, AnUnreachableAdminSubmissionQueueIsFatal) {
    h.memory.fail(h.admin_queue().sq_base, 4096);
    h.push(h.admin_queue(), admin_command(AdminOpcode::kAbort));
    h.ring_tail(h.admin_queue());
    h.settle();
    EXPECT_TRUE(h.fatal());
    EXPECT_TRUE(h.ready());
    h.memory.heal();
    submit_flush(other);
    EXPECT_FALSE(h.poll(other)) << "nothing is fetched any more";
    h.expect_service(1);
}

TEST_F(QueueFailureTest, AnUnreachableAdminCompletionQueueIsFatal) {
    h.memory.fail(h.admin_queue().cq_base, 4096);
    h.push(h.admin_queue(), admin_command(static_cast<AdminOpcode>(0xff)));
    h.ring_tail(h.admin_queue());
    h.settle();
    EXPECT_TRUE(h.fatal());
    h.memory.heal();
    h.expect_service(1);
}

TEST_F(QueueFailureTest, AnUnreachableSubmissionQueueStopsAloneAndIsReported) {
    h.memory.fail(broken.sq_base, 4096);
    submit_flush(broken);
    expect_event(kTransientError);
    submit_flush(broken);
    EXPECT_FALSE(h.poll(broken));
    expect_recovery();
}

TEST_F(QueueFailureTest, AnUnreachableCompletionQueueStopsAloneAndIsReported) {
    h.memory.fail(broken.cq_base, 4096);
    submit_flush(broken);
    expect_event(kTransientError);
    EXPECT_FALSE(h.poll(broken));
    expect_recovery();
}

TEST_F(QueueFailureTest, ATailBeyondTheQueueStopsItAndIsReported) {
    ring(1, false, 8);
    expect_event(kBadValue);
    broken.tail = 0;
    submit_flush(broken);
    EXPECT_FALSE(h.poll(broken)) << "stopped until it is created anew";
    expect_recovery();
}

TEST_F(QueueFailureTest, AHeadBeyondWhatWasPostedStopsTheQueueAndIsReported) {
    ring(1, true, 1);
    expect_event(kBadValue);
    submit_flush(broken);
    EXPECT_FALSE(h.poll(broken));
    expect_recovery();
}

TEST_F(QueueFailureTest, DoorbellsOfQueuesThatDoNotExistAreReportedAndNothingStops) {
    for (const std::uint32_t qid : {3u, 4u, 5u, 1000u, 7679u})
        for (const bool completion : {false, true}) ring(qid, completion, 1);
    expect_event(kBadRegister);
    h.write_and_verify(broken, 1, 4);
    h.write_and_verify(other, 1, 5);
}

TEST_F(QueueFailureTest, ABadAdminTailStopsTheAdminQueueButEventsStillArrive) {
    ring(0, false, 32);
    expect_event(kBadValue);
    h.push(h.admin_queue(), admin_command(static_cast<AdminOpcode>(0xff)));
    h.ring_tail(h.admin_queue());
    h.settle();
    expect_no_event();
    h.write_and_verify(other, 1, 6);
    h.expect_service(1);
}

TEST_F(QueueFailureTest, TheSameDoorbellValueAgainIsNoError) {
    submit_flush(broken);
    ASSERT_TRUE(h.poll(broken));
    for (int i = 0; i < 3; ++i) {
        h.ring_tail(broken);
        h.ring_head(broken);
    }
    h.settle();
    expect_no_event();
    h.write_and_verify(broken, 1, 7);
}

TEST_F(QueueFailureTest, UpperBitsOfADoorbellAreReserved) {
    h.push(broken, io_command(NvmOpcode::kFlush, 1));
    ring(1, false, 0xabcd'0001);
    EXPECT_TRUE(h.poll(broken));
    expect_no_event();
}

TEST_F(QueueFailureTest, DoorbellsOfADisabledControllerAreIgnored) {
    h.disable();
    for (std::uint32_t qid = 0; qid < 4; ++qid) {
        ring(qid, false, 5);
        ring(qid, true, 0xffff);
    }
    h.enable();
    h.settle();
    expect_no_event();
    EXPECT_EQ(h.controller->state().errors.count(), 0u);
}

TEST_F(QueueFailureTest, DoorbellsAreWrittenAsAlignedDwordsOnly) {
    EXPECT_FALSE(h.controller->write(0x1000, 8, 0, 0));
    EXPECT_FALSE(h.controller->write(0x1000, 2, 0, 0));
    EXPECT_FALSE(h.controller->write(0x1002, 4, 0, 0));
    EXPECT_EQ(h.controller->read(0x1000, 4), 0u);
    EXPECT_FALSE(h.controller->read(0x1002, 4));
}

TEST_F(QueueFailureTest, EachErrorIsInTheErrorLog) {
    ring(1, false, 8);
    ring(5, false, 1);
    EXPECT_EQ(h.controller->state().errors.count(), 2u);
    EXPECT_EQ(h.controller->state().errors.entry(1).sqid, 1u);
    EXPECT_EQ(h.controller->state().errors.entry(0).sqid, 0xffffu);
}

// Pre-fix, with no completion waiting, the admin process did not wait for the head to move.
TEST(FullAdminQueue, GoesOnWhenADelayedHeadDoorbellArrives) {
    CoreHarness h;
    h.enable(2);
    HostQueue& q = h.admin_queue();
    h.push(q, admin_command(static_cast<AdminOpcode>(0xff)));
    h.ring_tail(q);
    h.settle();
    ASSERT_TRUE(h.poll(q, false));  // the queue of two is full
    h.push(q, admin_command(static_cast<AdminOpcode>(0xff)));
    h.ring_tail(q, 100);
    h.ring_head(q, 500);
    h.run_for(499);
    EXPECT_FALSE(h.poll(q, false));
    h.run_for(1);
    EXPECT_TRUE(h.poll(q, false));
}

TEST(FullCompletionQueue, HoldsCompletionsBackWithoutLoss) {
    CoreHarness h;
    h.add_namespace(1, 1 << 16);
    h.enable();
    HostQueue q = h.create_queues(1, 3);
    for (unsigned n = 0; n < 40; n += 2) {
        h.push(q, io_command(NvmOpcode::kFlush, 1));
        h.push(q, io_command(NvmOpcode::kFlush, 1));
        h.ring_tail(q);
        h.settle();
        if (n == 0) continue;  // always two behind: the queue is full all the time
        for (unsigned i = 0; i < 2; ++i) {
            const auto cqe = h.poll(q, i == 1);
            ASSERT_TRUE(cqe) << n;
            EXPECT_EQ(cqe->cid, n - 2 + i);
        }
        h.settle();
    }
}

}  // namespace
}  // namespace nvme::test
