// SPDX-License-Identifier: Apache-2.0
// Shared completion queues, completion queues without room, and arbitration.
#include <algorithm>
#include <array>
#include <vector>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class QueuePressure : public CommandsTest, private observe::TraceSink {
protected:
    QueuePressure() { controller.set_trace(this); }

    std::vector<std::uint16_t> fetched;  // submission queues in the order of fetching

private:
    void record(const observe::CommandFetched& event) override {
        if (event.sqid != 0) fetched.push_back(event.sqid);
    }
};

TEST_F(QueuePressure, SeveralSubmissionQueuesShareACompletionQueue) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_TRUE(driver.create_cq({3, 20, 1}).ok());
        constexpr std::uint16_t kQueues = 4;
        for (std::uint16_t qid = 1; qid <= kQueues; ++qid)
            ASSERT_TRUE(driver.create_sq({qid, 40, 3}).ok());
        std::array<Tally, kQueues> tallies;
        for (int i = 0; i < 39; ++i)
            for (std::uint16_t qid = 1; qid <= kQueues; ++qid)
                driver.submit(qid, commands::verify(1, 0, 1), {}, tallies[qid - 1u].callback(),
                              Doorbell::kLater);
        for (std::uint16_t qid = 1; qid <= kQueues; ++qid) driver.ring(qid);
        const auto all_done = [&] {
            return std::all_of(tallies.begin(), tallies.end(),
                               [](const Tally& t) { return t.done == 39; });
        };
        while (!all_done() && driver.wait_any(1) != 0) {
        }
        for (const Tally& tally : tallies) {
            EXPECT_EQ(tally.done, 39u);
            EXPECT_EQ(tally.failed, 0u);
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(QueuePressure, NoSubmissionQueueStarvesAnother) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_TRUE(driver.create_cq({1, 256, 1}).ok());
        ASSERT_TRUE(driver.create_sq({1, 256, 1}).ok());
        ASSERT_TRUE(driver.create_sq({2, 256, 1}).ok());
        Tally tally;
        for (int i = 0; i < 100; ++i)
            for (const std::uint16_t qid : {std::uint16_t{1}, std::uint16_t{2}})
                driver.submit(qid, commands::verify(1, 0, 1), {}, tally.callback(),
                              Doorbell::kLater);
        driver.ring(1);
        driver.ring(2);
        while (tally.done < 200 && driver.wait_any(1) != 0) {
        }
    });
    ASSERT_EQ(fetched.size(), 200u);
    EXPECT_LE(std::count(fetched.begin(), fetched.begin() + 100, 1), 65);
    EXPECT_GE(std::count(fetched.begin(), fetched.begin() + 100, 1), 35);
}

TEST_F(QueuePressure, CompletionQueueOfTwoEntriesHoldsEveryCommandBackAndLosesNone) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        platform::QueuePairOptions pair;
        pair.depth = 256;
        pair.cq_depth = 2;
        pair.vector = 1;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok());
        Tally tally;
        for (int i = 0; i < 255; ++i)
            driver.submit(1, commands::verify(1, 0, 1), {}, tally.callback(), Doorbell::kLater);
        driver.ring(1);
        sc_core::wait(50, sc_core::SC_MS);  // nobody makes room: everything waits
        EXPECT_EQ(tally.done, 0u);
        while (tally.done < 255 && driver.wait_any(1) != 0) {
        }
        EXPECT_EQ(tally.done, 255u);
        EXPECT_EQ(tally.failed, 0u);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(QueuePressure, FullCompletionQueueOfOneQueueDoesNotStopAnother) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        platform::QueuePairOptions pair;
        pair.cq_depth = 2;
        pair.vector = 1;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok());
        ASSERT_TRUE(driver.create_queue_pair({2, 64, 0, 0, 2}).ok());
        Tally stuck;
        for (int i = 0; i < 20; ++i) driver.submit(1, commands::flush(1), {}, stuck.callback());
        sc_core::wait(10, sc_core::SC_MS);
        EXPECT_EQ(pump(2, 300, commands::verify(1, 0, 1)).failed, 0u);
        EXPECT_EQ(stuck.done, 0u);
        while (stuck.done < 20 && driver.wait_any(1) != 0) {
        }
        EXPECT_EQ(stuck.failed, 0u);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(QueuePressure, QueueWithoutInterruptsIsServedByPolling) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        platform::QueuePairOptions pair;
        pair.depth = 32;
        pair.vector = 1;
        pair.interrupts = false;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok());
        EXPECT_EQ(pump(1, 200, commands::verify(1, 0, 1)).failed, 0u);
        EXPECT_EQ(host.interrupts.count(driver.host_vector(1)), 0u);
    });
}

TEST_F(QueuePressure, UnreachableSubmissionQueueStopsAloneAndIsReported) {
    simulate([this] {
        bring_up(2);
        const Ticket event =
            driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
        const DmaBuffer memory = driver.find_sq(1)->memory;
        host.memory.fail(memory.gpa, memory.gpa + memory.size - 1, tlm::TLM_ADDRESS_ERROR_RESPONSE);
        Tally tally;
        driver.submit(1, commands::flush(1), {}, tally.callback());
        const Completion notice = driver.wait(event);
        using Dw0 = spec::AsyncEventDw0;
        EXPECT_EQ(Dw0::from(notice.dw0).get<Dw0::EventType>(), spec::AsyncEventType::kError);
        host.memory.clear_failures();
        EXPECT_TRUE(driver.flush(1, 2).ok());
        EXPECT_EQ(tally.done, 0u);

        EXPECT_TRUE(driver.delete_queue_pair(1).ok());
        ASSERT_TRUE(driver.create_queue_pair({1, 16, 0, 0, 1}).ok());
        EXPECT_TRUE(driver.flush(1, 1).ok());
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
    });
}

}  // namespace
}  // namespace nvme::test
