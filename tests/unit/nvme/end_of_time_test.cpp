// SPDX-License-Identifier: Apache-2.0
// Simulated time ends after 2^64 ps. A duration that would end later used to wrap around: what was
// to happen in a month happened at once, again and again, and the program never came back.
#include <gtest/gtest.h>

#include "models/nvme/engine/interrupt_coalescer.h"
#include "models/nvme/state/keep_alive.h"
#include "models/nvme/state/power_manager.h"
#include "models/pcie/link.h"
#include "tests/support/fault_board.h"

namespace nvme::test {
namespace {

using util::kNever;
using util::TimePs;

static_assert(util::later(5, 7) == 12);
static_assert(util::later(kNever - 7, 7) == kNever);
static_assert(util::later(kNever, 1) == kNever && util::later(1, kNever) == kNever);
static_assert(util::times(0, kNever) == 0 && util::times(kNever, 0) == 0);
static_assert(util::times(3, kNever / 2) == kNever);
static_assert(util::from_ns(18'446'744'073'709'551) == 18'446'744'073'709'551'000u);
static_assert(util::from_ns(18'446'744'073'709'552) == kNever);
static_assert(util::from_us(~std::uint64_t{0}) == kNever && util::from_ms(1) == util::kPsPerMs);

TEST(LongTime, ADurationThatAHostChoosesNeverEndsBeforeItBegins) {
    const TimePs late = kNever - util::kPsPerS;
    KeepAlive keep_alive(1);
    keep_alive.set_timeout(0xffff'ffff, late);
    EXPECT_EQ(keep_alive.deadline(), kNever);

    PowerManager power({PowerState{}, PowerState{0, true}});
    spec::AutonomousTransitions table{};
    table.state[0] = spec::AutonomousTransition{}
                         .with<spec::AutonomousTransition::Itps>(1)
                         .with<spec::AutonomousTransition::Itpt>(0xff'ffff)
                         .raw;
    ASSERT_TRUE(power.set_transitions(table, true, late));
    EXPECT_EQ(power.step(late, late), kNever);
    EXPECT_EQ(power.current(), 0u);
}

TEST(LongTime, AHostThatChangesPowerStatesWithoutEndIsNotThereInThePast) {
    PowerState slow;
    slow.entry_us = slow.exit_us = 0xffff'ffff;
    PowerManager power({slow, slow});
    TimePs there = 0;
    for (unsigned i = 1; i < 10'000; ++i) {
        const TimePs next = power.enter(i % 2, 0);
        ASSERT_GE(next, there) << i;
        there = next;
    }
    EXPECT_EQ(there, kNever);
}

TEST(LongTime, ALinkThatIsBusyUntilThenIsNotFreeBefore) {
    pcie::LinkParams params;
    params.gen = 1;
    pcie::Link link(params);
    EXPECT_EQ(link.write(kNever - 1, 4096), kNever);
    EXPECT_EQ(link.read(kNever - 1, 4096), kNever);
    EXPECT_EQ(link.write(0, 4096), kNever);
}

TEST(LongTime, WhatAFaultPlanPutsOffBeyondItDoesNotHappen) {
    constexpr std::uint64_t kTenDays = 864'000'000'000'000;
    CoreHarness h;
    h.add_namespace(1, 1 << 20);
    faults::Rule late, cut;
    late.action = faults::Action::kDelay;
    late.queues = faults::Queues::kIo;
    late.delay_ns = kTenDays;
    cut.action = faults::Action::kPowerCut;
    cut.opcode = static_cast<std::uint8_t>(spec::NvmOpcode::kRead);
    cut.queues = faults::Queues::kIo;
    cut.delay_ns = cut.duration_ns = kTenDays;
    FaultBoard board(h, {late, cut});
    h.enable();
    HostQueue queue = h.create_queues(1, 32);
    h.clock.set(kNever - util::kPsPerS);
    h.push(queue, io_command(spec::NvmOpcode::kRead, 1, 0, 1, h.alloc(4096)));
    h.ring_tail(queue);
    h.settle();
    EXPECT_FALSE(h.poll(queue)) << "it completed ten days early";
    EXPECT_TRUE(h.ready()) << "power went ten days early";
}

TEST(LongTime, ACommandThatIsExecutedShortlyBeforeItCompletesOrNeverDoes) {
    ControllerParams params;  // with all their latencies
    CoreHarness h(params);
    h.add_namespace(1, 1 << 20);
    h.enable();
    HostQueue queue = h.create_queues(1, 32);
    const std::uint64_t data = h.alloc(4096);
    for (const TimePs left : {util::kPsPerMs, util::kPsPerUs, util::kPsPerNs, TimePs{0}}) {
        h.clock.set(std::max(h.clock.now(), kNever - left));
        h.push(queue, io_command(spec::NvmOpcode::kWrite, 1, 0, 8, data));
        h.ring_tail(queue);
        h.settle();
        EXPECT_GE(h.clock.now(), kNever - left);
        EXPECT_FALSE(h.fatal());
    }
}

}  // namespace
}  // namespace nvme::test
