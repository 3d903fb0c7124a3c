// SPDX-License-Identifier: Apache-2.0
// What the lint says of a host that keeps its doorbells in memory.
#include "models/observe/driver_lint.h"
#include "tests/sim/controller/shadow_fixture.h"

namespace nvme::test {
namespace {

using observe::DriverLint;
using observe::LintRule;

constexpr std::uint32_t kEntries = 8;

class ShadowLint : public ShadowTest {
protected:
    ShadowLint() { controller.set_trace(&lint); }

    /// Puts flushes into queue 1 and announces them in memory and, as EventIdx asks, by doorbell.
    void flush(unsigned n) {
        const std::uint32_t tail = queue_flushes(n);
        put(shadow, kTail1, tail);
        ring(driver.sq_doorbell(1), tail);
    }

    DriverLint lint;
};

// A Linux that was idle for more than 100 ms used to be told that it had left its completion queue
// full: the controller had read the head in memory when it last had need for room, and the queue
// looked full ever since, though the host had consumed all of it.
TEST_F(ShadowLint, AHeadInMemoryThatNobodyHasReadYetIsNoFullQueue) {
    simulate([this] {
        bring_up(1, kEntries);
        set_up_by_hand();
        flush(kEntries - 1);
        sc_core::wait(us(500));
        ASSERT_EQ(driver.poll(1), kEntries - 1);
        put(shadow, kHead1, kEntries - 1);
        sc_core::wait(us(100'000));
        flush(1);
        sc_core::wait(us(500));
        EXPECT_EQ(driver.poll(1), 1u);
    });
    EXPECT_EQ(lint.findings(), 0u);
}

TEST_F(ShadowLint, ACompletionThatWaits100MsForRoomIsAFinding) {
    simulate([this] {
        bring_up(1, kEntries);
        set_up_by_hand();
        flush(kEntries - 1);
        sc_core::wait(us(500));
        ASSERT_EQ(driver.poll(1), kEntries - 1);  // the head stays where it is
        flush(1);
        sc_core::wait(us(99'000));
        EXPECT_EQ(lint.findings(), 0u);
        sc_core::wait(us(2'000));
        flush(1);  // whatever makes the queue's process look
        sc_core::wait(us(500));
    });
    EXPECT_EQ(lint.findings(), 1u);
    EXPECT_EQ(lint.of(LintRule::kCompletionQueueFull).first.qid, 1u);
}

}  // namespace
}  // namespace nvme::test
