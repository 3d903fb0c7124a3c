// SPDX-License-Identifier: Apache-2.0
// What the lint says of a host that keeps its doorbells in memory.
#include "models/observe/driver_lint.h"
#include "models/observe/trace_fanout.h"
#include "tests/sim/controller/shadow_fixture.h"

namespace nvme::test {
namespace {

using observe::DriverLint;
using observe::LintRule;

constexpr std::uint32_t kEntries = 8;  // of the completion queue

/// The host does not ring the completion queue's doorbell: it only writes the head in memory.
class ShadowLint : public ShadowTest {
protected:
    ShadowLint() {
        both.add(trace);
        both.add(lint);
        controller.set_trace(&both);
    }

    void set_up() {
        ASSERT_EQ(driver.bring_up(), platform::DriverError::kNone);
        platform::QueuePairOptions pair;
        pair.depth = 4 * kEntries;
        pair.cq_depth = kEntries;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok());
        set_up_by_hand();
    }
    /// Puts flushes into queue 1 and announces them in memory and, as EventIdx asks, by doorbell.
    void flush(unsigned n) {
        const std::uint32_t tail = queue_flushes(n);
        put(shadow, kTail1, tail);
        ring(driver.sq_doorbell(1), tail);
    }

    DriverLint lint;
    observe::TraceFanout both;
};

// A Linux that was idle for more than 100 ms used to be told that it had left its completion queue
// full: the controller had read the head in memory when it last had need for room, and the queue
// looked full ever since, though the host had consumed all of it.
TEST_F(ShadowLint, AHeadInMemoryThatNobodyHasReadYetIsNoFullQueue) {
    simulate([this] {
        set_up();
        flush(1);
        sc_core::wait(us(500));
        put(shadow, kHead1, 1);
        ring(driver.cq_doorbell(1), 1);  // EventIdx said 0: the host has to
        sc_core::wait(us(500));
        flush(kEntries - 1);
        sc_core::wait(us(500));
        put(shadow, kHead1, 0);  // it has consumed all of them
        sc_core::wait(us(100'000));
        flush(1);
        sc_core::wait(us(500));
    });
    EXPECT_EQ(trace.completed.back().cid, kEntries) << "the last one found room";
    EXPECT_EQ(lint.findings(), 0u);
}

TEST_F(ShadowLint, ACompletionThatWaits100MsForRoomIsAFinding) {
    simulate([this] {
        set_up();
        flush(kEntries);
        sc_core::wait(us(99'000));
        EXPECT_EQ(lint.findings(), 0u);
        sc_core::wait(us(2'000));
        flush(1);  // whatever makes the queue's process look
        sc_core::wait(us(500));
        EXPECT_EQ(driver.poll(1), kEntries - 1);
    });
    EXPECT_EQ(lint.findings(), 1u);
    EXPECT_EQ(lint.of(LintRule::kCompletionQueueFull).first.qid, 1u);
}

}  // namespace
}  // namespace nvme::test
