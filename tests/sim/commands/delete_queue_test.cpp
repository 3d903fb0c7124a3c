// SPDX-License-Identifier: Apache-2.0
// Deletion of I/O queues: rules, identifiers used again, and commands that are still in flight.
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class DeleteQueue : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    /// Reads of one block from all over the namespace.
    void submit_reads(unsigned count, Tally& tally, std::uint16_t qid = 1) {
        const DmaBuffer buffer = driver.allocate(512);
        for (unsigned i = 0; i < count; ++i) {
            const Ticket ticket =
                driver.submit(qid, commands::read(1, i * 64, 1), {buffer.gpa, 512},
                              tally.callback(), Doorbell::kLater);
            ASSERT_EQ(ticket.error, DriverError::kNone);
        }
        driver.ring(qid);
    }
};

TEST_F(DeleteQueue, QueueThatDoesNotExistCannotBeDeleted) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        constexpr std::uint16_t kNone[] = {0, 1, 64, 65, 0xFFFF};
        for (const std::uint16_t qid : kNone) {
            EXPECT_EQ(status(driver.delete_sq(qid)), StatusCode::kInvalidQueueIdentifier) << qid;
            EXPECT_EQ(status(driver.delete_cq(qid)), StatusCode::kInvalidQueueIdentifier) << qid;
        }
    });
}

TEST_F(DeleteQueue, CompletionQueueGoesAfterTheLastSubmissionQueueThatUsesIt) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_TRUE(driver.create_cq({2, 16, 1}).ok());
        ASSERT_TRUE(driver.create_sq({1, 16, 2}).ok());
        ASSERT_TRUE(driver.create_sq({5, 16, 2}).ok());
        EXPECT_EQ(status(driver.delete_cq(2)), StatusCode::kInvalidQueueDeletion);
        EXPECT_TRUE(driver.delete_sq(1).ok());
        EXPECT_EQ(status(driver.delete_cq(2)), StatusCode::kInvalidQueueDeletion);
        EXPECT_TRUE(driver.flush(1, 5).ok());
        EXPECT_TRUE(driver.delete_sq(5).ok());
        EXPECT_TRUE(driver.delete_cq(2).ok());
        EXPECT_EQ(status(driver.delete_cq(2)), StatusCode::kInvalidQueueIdentifier);
    });
}

TEST_F(DeleteQueue, IdentifiersAreUsedAgainWithOtherSizes) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        for (const std::uint32_t depth : {16, 2, 200, 33}) {
            platform::QueuePairOptions pair;
            pair.qid = 3;
            pair.depth = depth;
            pair.cq_depth = depth / 2 + 1;
            pair.vector = 2;
            ASSERT_TRUE(driver.create_queue_pair(pair).ok()) << depth;
            EXPECT_EQ(pump(3, 70, commands::verify(1, 0, 1)).failed, 0u) << depth;
            EXPECT_TRUE(driver.delete_queue_pair(3).ok()) << depth;
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

// Commands know their queue by its place among those of a completion queue, and places move up.
TEST_F(DeleteQueue, CommandsOfTheOtherQueuesOfACompletionQueueGoOn) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_TRUE(driver.create_cq({1, 256, 1}).ok());
        constexpr std::uint16_t kQueues[] = {1, 2, 3, 4}, kGone[] = {2, 1}, kLeft[] = {3, 4};
        for (const std::uint16_t qid : kQueues) ASSERT_TRUE(driver.create_sq({qid, 64, 1}).ok());
        for (const std::uint16_t gone : kGone) {
            Tally doomed, others[2];
            submit_reads(40, doomed, gone);
            submit_reads(40, others[0], 3);
            submit_reads(40, others[1], 4);
            EXPECT_TRUE(driver.delete_sq(gone).ok());
            EXPECT_EQ(doomed.done, 40u);
            for (const std::uint16_t qid : kLeft) {
                while (others[qid - 3].done < 40 && driver.wait_any(qid) != 0) {
                }
                EXPECT_EQ(others[qid - 3].done, 40u);
                EXPECT_EQ(others[qid - 3].failed, 0u);
                EXPECT_EQ(pump(qid, 70, commands::verify(1, 0, 1)).failed, 0u) << qid;
            }
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DeleteQueue, CommandsInFlightEndBeforeTheDeletionDoesAndNoneAfterwards) {
    simulate([this] {
        bring_up(2);
        Tally doomed, others;
        submit_reads(40, doomed);
        submit_reads(40, others, 2);
        sc_core::wait(60, sc_core::SC_US);  // some reads are done, the media has others
        EXPECT_TRUE(driver.delete_sq(1).ok());
        EXPECT_EQ(doomed.done, 40u);
        EXPECT_EQ(doomed.failed, doomed.aborted_by_deletion + doomed.unanswered);
        EXPECT_NE(doomed.aborted_by_deletion, 0u);
        sc_core::wait(10, sc_core::SC_MS);
        EXPECT_FALSE(driver.find_cq(1)->has_new());
        while (others.done < 40 && driver.wait_any(2) != 0) {
        }
        EXPECT_EQ(others.done, 40u);
        EXPECT_EQ(others.failed, 0u);
        EXPECT_TRUE(driver.delete_cq(1).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DeleteQueue, FullCompletionQueueDoesNotHoldUpTheDeletion) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        platform::QueuePairOptions pair;
        pair.cq_depth = 2;
        pair.depth = 16;
        pair.vector = 1;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok());
        Tally tally;
        for (int i = 0; i < 4; ++i)  // an inactive NSID
            driver.submit(1, commands::read(77, 0, 1), {}, tally.callback());
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_EQ(tally.done, 0u) << "nobody has looked at the queue yet";
        EXPECT_TRUE(driver.delete_sq(1).ok());
        EXPECT_EQ(tally.done, 4u);
        EXPECT_EQ(tally.unanswered, 3u) << "one completion fits into a queue of two entries";
        EXPECT_EQ(tally.last, StatusCode::kInvalidField);

        ASSERT_TRUE(driver.delete_cq(1).ok());
        pair.cq_depth = 0;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok());
        EXPECT_TRUE(driver.flush(1).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DeleteQueue, CompletionsOfANeighbourThatWaitForRoomAreNotLost) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_TRUE(driver.create_cq({1, 3, 1}).ok());
        ASSERT_TRUE(driver.create_sq({1, 64, 1}).ok());
        ASSERT_TRUE(driver.create_sq({2, 64, 1}).ok());
        Tally doomed, neighbour;
        for (int i = 0; i < 30; ++i) {
            driver.submit(1, commands::flush(1), {}, doomed.callback(), Doorbell::kLater);
            driver.submit(2, commands::flush(1), {}, neighbour.callback(), Doorbell::kLater);
        }
        driver.ring(1);
        driver.ring(2);
        sc_core::wait(5, sc_core::SC_MS);  // two completions are posted, 58 wait for room
        EXPECT_TRUE(driver.delete_sq(1).ok());
        EXPECT_EQ(doomed.done, 30u);
        while (neighbour.done < 30 && driver.wait_any(2) != 0) {
        }
        EXPECT_EQ(neighbour.done, 30u);
        EXPECT_EQ(neighbour.failed, 0u);
        EXPECT_TRUE(driver.delete_queue_pair(2).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DeleteQueue, QueuesComeAndGoUnderLoadWithoutAStrayCompletion) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_TRUE(driver.create_cq({1, 12, 1}).ok());
        Tally tally;
        unsigned sent = 0;
        for (unsigned round = 0; round < 120; ++round) {
            const auto qid = static_cast<std::uint16_t>(1 + round % 3);
            if (driver.find_sq(qid) != nullptr) {
                ASSERT_TRUE(driver.delete_sq(qid).ok());
            }
            ASSERT_TRUE(driver.create_sq({qid, 8 + round % 5, 1}).ok());
            for (unsigned i = 0; i < 6; ++i, ++sent)
                driver.submit(qid, commands::verify(1, sent % 1000, 1), {}, tally.callback());
            sc_core::wait(static_cast<double>(round % 7 * 13), sc_core::SC_US);
            if (round % 4 == 0) driver.poll(qid);
        }
        for (const std::uint16_t qid : driver.io_queues()) EXPECT_TRUE(driver.delete_sq(qid).ok());
        EXPECT_EQ(tally.done, sent);
        EXPECT_EQ(tally.failed, tally.aborted_by_deletion + tally.unanswered);
        EXPECT_LT(tally.failed, sent);
        sc_core::wait(5, sc_core::SC_MS);
        EXPECT_FALSE(driver.find_cq(1)->has_new());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DeleteQueue, EntriesThatWereNeverFetchedDieWithTheirQueue) {
    simulate([this] {
        bring_up(1, 256);
        Tally tally;
        submit_reads(255, tally);  // no more than 64 are fetched at a time
        sc_core::wait(20, sc_core::SC_US);
        EXPECT_TRUE(driver.delete_sq(1).ok());
        EXPECT_EQ(tally.done, 255u);
        EXPECT_GE(tally.unanswered, 255u - 64u);
        sc_core::wait(10, sc_core::SC_MS);
        EXPECT_FALSE(driver.find_cq(1)->has_new());
        ASSERT_TRUE(driver.create_sq({1, 256, 1}).ok());
        EXPECT_TRUE(driver.flush(1).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
