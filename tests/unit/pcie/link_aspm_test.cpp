// SPDX-License-Identifier: Apache-2.0
// A link that sleeps while it has nothing to carry.
#include <cstdint>

#include <gtest/gtest.h>

#include "models/pcie/config_registers.h"
#include "tests/unit/pcie/link_fixture.h"

namespace pcie::test {
namespace {

using util::kPsPerNs;
using util::kPsPerUs;
using util::TimePs;

constexpr TimePs kL0sExit = 300 * kPsPerNs, kL1Exit = 8 * kPsPerUs;
constexpr TimePs kLatency = 100 * kPsPerNs;
constexpr TimePs kPacket = 100 * 4'000;  // of 100 bytes

class LinkAspm : public testing::Test {
protected:
    static LinkParams sleepy() {
        LinkParams params = bare(1, 1);
        params.latency_ns = 100;
        params.l0s_entry_ns = 2'000;
        params.l0s_exit_ns = 300;
        params.l1_entry_ns = 50'000;
        params.l1_exit_ns = 8'000;
        return params;
    }
    /// The host enables something, and the link has carried its last packet at time 0.
    void enable(unsigned control) { link.set_aspm(0, control); }
    /// What a write of 100 bytes waits for the link to wake up.
    TimePs delay_of_write(TimePs at) { return link.write(at, 100) - at - kPacket - kLatency; }

    Link link{sleepy()};
};

TEST_F(LinkAspm, NeverSleepsUnlessTheHostEnablesIt) {
    EXPECT_EQ(delay_of_write(0), 0u);
    EXPECT_EQ(delay_of_write(util::kPsPerS), 0u);
    EXPECT_EQ(link.from_host(2 * util::kPsPerS), 2 * util::kPsPerS + kLatency);
}

TEST_F(LinkAspm, ADirectionThatIsIdleForTheEntryTimeWaitsForTheExitTime) {
    enable(reg::kAspmL0s);
    EXPECT_EQ(delay_of_write(2'000 * kPsPerNs - 1), 0u) << "not idle for long enough";
    const TimePs end = 2'000 * kPsPerNs - 1 + kPacket;
    EXPECT_EQ(delay_of_write(end + 2'000 * kPsPerNs), kL0sExit);
}

TEST_F(LinkAspm, WhatFollowsFindsItAwakeOrWaking) {
    enable(reg::kAspmL0s);
    const TimePs at = 10 * kPsPerUs;
    EXPECT_EQ(delay_of_write(at), kL0sExit);
    EXPECT_EQ(delay_of_write(at + 100), kL0sExit - 100 + kPacket) << "behind the first";
    EXPECT_EQ(delay_of_write(at + kPsPerUs), kL0sExit + 2 * kPacket - kPsPerUs) << "behind both";
    EXPECT_EQ(delay_of_write(at + 3 * kPsPerUs), 0u);
}

TEST_F(LinkAspm, TheDirectionsSleepEachForItselfInL0s) {
    enable(reg::kAspmL0s);
    (void)link.write(9 * kPsPerUs, 100);
    EXPECT_EQ(link.from_host(10 * kPsPerUs), 10 * kPsPerUs + kL0sExit + kLatency);
    EXPECT_EQ(delay_of_write(10 * kPsPerUs), 0u);
    EXPECT_EQ(link.from_host(11 * kPsPerUs), 11 * kPsPerUs + kLatency);
}

TEST_F(LinkAspm, AReadWakesBothDirections) {
    enable(reg::kAspmL0s);
    const TimePs awake = Link(sleepy()).read(0, 100);
    EXPECT_EQ(link.read(10 * kPsPerUs, 100), 10 * kPsPerUs + awake + 2 * kL0sExit);
}

TEST_F(LinkAspm, InL1TheWholeLinkSleepsAndWakesUp) {
    enable(reg::kAspmL1);
    EXPECT_EQ(delay_of_write(40 * kPsPerUs), 0u);
    EXPECT_EQ(link.from_host(80 * kPsPerUs), 80 * kPsPerUs + kLatency) << "up was idle for 40 us";
    const TimePs at = 130 * kPsPerUs;
    EXPECT_EQ(link.from_host(at), at + kL1Exit + kLatency);
    EXPECT_EQ(delay_of_write(at + kPsPerUs), kL1Exit - kPsPerUs) << "it woke up together";
    EXPECT_EQ(delay_of_write(at + 10 * kPsPerUs), 0u);
}

TEST_F(LinkAspm, WithBothItSleepsLessDeeplyFirst) {
    enable(reg::kAspmL0s | reg::kAspmL1);
    EXPECT_EQ(delay_of_write(10 * kPsPerUs), kL0sExit);
    EXPECT_EQ(delay_of_write(100 * kPsPerUs), kL1Exit);
}

TEST_F(LinkAspm, ACompletionEntryBehindItsDataFindsTheLinkAwake) {
    enable(reg::kAspmL0s | reg::kAspmL1);
    const TimePs data = link.write(100 * kPsPerUs, 10'000);
    EXPECT_EQ(link.write_behind(100 * kPsPerUs, data, 20), data + 80'000);
    // One that has no data wakes it up, when it leaves.
    const TimePs at = data + 300 * kPsPerUs;
    EXPECT_EQ(link.write_later(at - kPsPerUs, at, 20), at + kL1Exit + 80'000 + kLatency);
}

TEST_F(LinkAspm, ALongTransferKeepsItAwake) {
    enable(reg::kAspmL0s | reg::kAspmL1);
    const TimePs data = link.write(0, 100'000);  // 400 us
    EXPECT_EQ(delay_of_write(300 * kPsPerUs), 0u);
    EXPECT_EQ(delay_of_write(data - kLatency + kPsPerUs), 0u);
}

TEST_F(LinkAspm, WhatWasOnItsWayWhenItWasEnabledKeepsItAwake) {
    (void)link.write(0, 100'000);
    link.set_aspm(kPsPerUs, reg::kAspmL0s);
    EXPECT_EQ(delay_of_write(300 * kPsPerUs), 0u);
}

TEST_F(LinkAspm, DisabledAgainItIsAwake) {
    enable(reg::kAspmL1);
    link.set_aspm(kPsPerUs, 0);
    EXPECT_EQ(delay_of_write(kPsPerUs * 1'000), 0u);
}

TEST_F(LinkAspm, WhatALinkCannotDoIsNotEnabled) {
    LinkParams params = sleepy();
    params.l1_entry_ns = 0;
    Link only_l0s(params);
    only_l0s.set_aspm(0, ~0u);
    EXPECT_EQ(only_l0s.from_host(util::kPsPerS), util::kPsPerS + kL0sExit + kLatency);
    params.gen = 0;
    Link infinite(params);
    infinite.set_aspm(0, ~0u);
    EXPECT_EQ(infinite.from_host(util::kPsPerS), util::kPsPerS);
}

TEST_F(LinkAspm, InFlitsThereIsNoL0s) {
    LinkParams params = sleepy();
    params.gen = 6;
    EXPECT_EQ(validate(params).size(), 1u);
    params.l0s_entry_ns = 0;
    EXPECT_TRUE(validate(params).empty());
}

TEST_F(LinkAspm, TheEndOfTimeIsNotPassed) {
    enable(reg::kAspmL0s | reg::kAspmL1);
    EXPECT_EQ(link.write(util::kNever - 1, 100), util::kNever);
    EXPECT_EQ(link.from_host(util::kNever - 1), util::kNever);
}

}  // namespace
}  // namespace pcie::test
