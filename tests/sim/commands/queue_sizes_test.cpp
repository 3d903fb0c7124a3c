// SPDX-License-Identifier: Apache-2.0
// I/O queues from the smallest to the largest, and every depth of use in between.
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class QueueSizes : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    void expect_traffic(std::uint32_t sq_depth, std::uint32_t cq_depth, unsigned count) {
        platform::QueuePairOptions pair;
        pair.depth = sq_depth;
        pair.cq_depth = cq_depth;
        pair.vector = 1;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok()) << sq_depth << " " << cq_depth;
        const Tally tally = pump(1, count, commands::verify(1, 0, 1));
        EXPECT_EQ(tally.done, count) << sq_depth << " " << cq_depth;
        EXPECT_EQ(tally.failed, 0u) << sq_depth << " " << cq_depth;
        EXPECT_TRUE(driver.delete_queue_pair(1).ok());
    }
};

TEST_F(QueueSizes, EverySizeWrapsAroundWithoutLosingACommand) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        for (const std::uint32_t depth : {2, 3, 4, 5, 7, 8, 9, 16, 63, 64, 65, 100, 255, 256})
            expect_traffic(depth, depth, 3 * depth + 1);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(QueueSizes, QueuesOfAPairMayDifferInSize) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        expect_traffic(256, 2, 600);
        expect_traffic(2, 256, 600);
        expect_traffic(100, 33, 500);
        expect_traffic(3, 7, 100);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(QueueSizes, AnyNumberOfCommandsMayBeOutstanding) {
    simulate([this] {
        bring_up(1, 256);
        for (unsigned depth = 1; depth <= 255; depth += depth < 8 ? 1 : depth / 4) {
            Tally tally;
            for (unsigned i = 0; i < depth; ++i)
                driver.submit(1, commands::verify(1, i, 1), {}, tally.callback(), Doorbell::kLater);
            driver.ring(1);
            while (tally.done < depth && driver.wait_any(1) != 0) {
            }
            EXPECT_EQ(tally.done, depth);
            EXPECT_EQ(tally.failed, 0u) << depth;
        }
        Tally tally;
        for (unsigned i = 0; i < 255; ++i)
            driver.submit(1, commands::verify(1, i, 1), {}, tally.callback(), Doorbell::kLater);
        EXPECT_EQ(driver.submit(1, commands::flush(1)).error, DriverError::kQueueFull);
        driver.ring(1);
        while (tally.done < 255 && driver.wait_any(1) != 0) {
        }
        EXPECT_EQ(tally.failed, 0u);
    });
}

ControllerParams large_queues() {
    ControllerParams params;
    params.max_queue_entries = 65'536;
    params.media.model = media::Model::kNone;
    params.max_io_queues = 2;
    params.max_inflight_per_sq = 1024;
    return params;
}

class LargestQueue : public QueueSizes {
protected:
    LargestQueue() : QueueSizes(large_queues()) {}
};

TEST_F(LargestQueue, QueueOf65536EntriesOverManyPagesWrapsAround) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        EXPECT_EQ(driver.cap().get<spec::Cap::Mqes>(), 0xFFFFu);
        expect_traffic(65'536, 65'536, 70'000);
        expect_traffic(65'536, 3, 2'000);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
