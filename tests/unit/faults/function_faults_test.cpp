// SPDX-License-Identifier: Apache-2.0
// A plan at work on a PCI Express function without SystemC.
#include <gtest/gtest.h>

#include "tests/support/fault_board.h"
#include "tests/unit/pcie/endpoint_fixture.h"

namespace pcie::test {
namespace {

using faults::Action;
using faults::Rule;
using Vectors = std::vector<std::uint16_t>;

class FunctionFaultsTest : public EndpointTest {
protected:
    FunctionFaultsTest() { endpoint.set_faults(&board.plan); }
    void add(const Rule& rule) { EXPECT_EQ(board.plan.add(rule), ""); }
    static Rule of(Action action) {
        Rule rule;
        rule.action = action;
        return rule;
    }

    nvme::test::CoreHarness h;
    nvme::test::FaultBoard board{h};
};

TEST_F(FunctionFaultsTest, AMessageIsLostOrDoubledOrGoesOutLater) {
    enable();
    Rule lost = of(Action::kLoseInterrupt), twice = of(Action::kDuplicateInterrupt);
    Rule late = of(Action::kDelayInterrupt);
    lost.vector = 1;
    twice.vector = 2;
    late.vector = 3;
    late.delay_ns = 5;
    for (const Rule& rule : {lost, twice, late}) add(rule);
    for (std::uint16_t vector = 0; vector < 4; ++vector) endpoint.raise_interrupt(vector);
    EXPECT_EQ(world.messages, (Vectors{0, 2, 2}));
    h.settle();
    EXPECT_EQ(h.interrupts, Vectors{3}) << "by the plan itself, to where its target sends it";
    EXPECT_EQ(board.faults.size(), 3u);
}

TEST_F(FunctionFaultsTest, RulesAboutMessagesAreNotAskedWhileThereAreNone) {
    Rule lost = of(Action::kLoseInterrupt);
    lost.vector = 0;
    add(lost);
    endpoint.raise_interrupt(0);
    EXPECT_TRUE(board.faults.empty());
}

TEST_F(FunctionFaultsTest, ThePinIsAssertedLate) {
    Rule late = of(Action::kDelayInterrupt);
    late.delay_ns = 5;
    add(late);
    device.level = true;
    EXPECT_FALSE(endpoint.update_pin());
    EXPECT_EQ(world.pin_at, util::from_ns(5));
    world.time = world.pin_at;
    EXPECT_TRUE(endpoint.update_pin());
}

TEST_F(FunctionFaultsTest, TheHostReadsAnotherVendor) {
    Rule forged = of(Action::kOverrideVendorId);
    forged.value = 0xcafe;
    add(forged);
    EXPECT_EQ(endpoint.read_config(reg::kVendorId, 2, 0), 0xcafeu);
    EXPECT_EQ(endpoint.read_config(reg::kDeviceId, 2, 0), 0x0010u);
    EXPECT_EQ(endpoint.config_space().read(reg::kVendorId, 2), 0x1b36u);
}

}  // namespace
}  // namespace pcie::test
