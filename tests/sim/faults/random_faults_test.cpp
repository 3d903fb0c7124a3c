// SPDX-License-Identifier: Apache-2.0
// Several faults at a time, at random. Whatever comes together: the host gets on, and what it was
// told to be written is there.
#include <random>

#include "tests/sim/faults/fault_fixture.h"

namespace nvme::test {
namespace {

class RandomFaults : public FaultTest, public ::testing::WithParamInterface<unsigned> {
protected:
    std::uint64_t pick(std::uint64_t n) { return random_() % n; }

    /// A rule that damages no data and comes to an end.
    Rule any_rule() {
        static constexpr Action kActions[] = {
            Action::kDrop,           Action::kDelay,           Action::kHold,
            Action::kComplete,       Action::kDmaError,        Action::kDropCompletion,
            Action::kHoldCompletion, Action::kDelayCompletion, Action::kLoseInterrupt,
            Action::kDelayInterrupt, Action::kLoseDoorbell,    Action::kDelayDoorbell,
            Action::kFatalStatus,    Action::kLinkDown,        Action::kPowerCut,
            Action::kDelayReady,     Action::kRaiseInterrupt,  Action::kDuplicateInterrupt,
            Action::kRemove,         Action::kHealth,          Action::kLinkRetrain};
        Rule r = rule(kActions[pick(std::size(kActions))]);
        const std::uint32_t groups = faults::info_of(r.action).groups;
        r.nth = 1 + pick(60);
        r.every = 1 + pick(20);
        r.count = 1 + pick(3);
        if ((groups & faults::kQueue) != 0 && pick(3) != 0)
            r.queue = static_cast<std::uint16_t>(pick(3));
        if ((groups & faults::kDelayBy) != 0) r.delay_ns = 1 + pick(10'000'000);
        if ((groups & faults::kDuration) != 0) r.duration_ns = 1'000'000 + pick(90'000'000);
        if ((groups & faults::kStatus) != 0) r.sc = 0x22;  // may be retried
        if ((groups & faults::kVector) != 0) r.vector = static_cast<std::uint16_t>(pick(3));
        if ((groups & faults::kDma) != 0) r.dma = static_cast<faults::DmaAccess>(pick(5));
        if ((groups & faults::kLinkSpeed) != 0) {
            r.link_gen = static_cast<std::uint8_t>(1 + pick(6));
            r.link_lanes = static_cast<std::uint8_t>(1u << pick(5));
            r.retrain_ns = pick(1'000'000);
        }
        if ((groups & faults::kHealthState) != 0)
            r.health.temperature = static_cast<std::uint16_t>(300 + pick(60));
        return r;
    }

private:
    std::mt19937_64 random_{GetParam()};
};

TEST_P(RandomFaults, LoseNothingThatWasAcknowledged) {
    for (unsigned i = 0; i < 8; ++i) add(any_rule());
    failed_writes_change_nothing = false;
    run([this] {
        bool started = recovery.start();
        for (unsigned again = 0; !started && again < 10; ++again) started = recovery.start();
        ASSERT_TRUE(started);
        for (unsigned round = 0; round < 4; ++round) {
            work(1);
            for (unsigned again = 0; !alive && again < 10; ++again) alive = recovery.start();
        }
        ASSERT_TRUE(alive);
        verify_all();
    });
    EXPECT_EQ(wrong_bytes, 0u);
    EXPECT_EQ(spilled, 0u);
    EXPECT_EQ(driver.protocol_errors(), 0u);
    std::uint64_t applied = 0;
    for (const faults::RuleResult& r : plan.results()) applied += r.applied;
    EXPECT_GT(applied, 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomFaults, ::testing::Range(1u, 17u));

}  // namespace
}  // namespace nvme::test
