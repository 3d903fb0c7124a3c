// SPDX-License-Identifier: Apache-2.0
// A link whose speed and width change while it is used.
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/unit/pcie/link_fixture.h"

namespace pcie::test {
namespace {

using util::kPsPerUs;

TEST(LinkRetrain, TimesFollowTheNewSpeedAndWidth) {
    Link link(bare(4, 4));
    EXPECT_EQ(link.write(0, 4096), 520'000u);
    link.retrain(10 * kPsPerUs, {4, 1}, 0);
    EXPECT_EQ(link.write(10 * kPsPerUs, 4096), 10 * kPsPerUs + 2'080'000);
    link.retrain(20 * kPsPerUs, {1, 1}, 0);
    EXPECT_EQ(link.write(20 * kPsPerUs, 4096), 20 * kPsPerUs + 16'384'000);
    link.retrain(100 * kPsPerUs, {4, 4}, 0);
    EXPECT_EQ(link.write(100 * kPsPerUs, 4096), 100 * kPsPerUs + 520'000);
}

TEST(LinkRetrain, IsNotFasterThanTheLinkCanBe) {
    Link link(bare(3, 4));
    link.retrain(0, {6, 16}, 0);
    EXPECT_EQ(link.speed().gen, 3u);
    EXPECT_EQ(link.speed().lanes, 4u);
    link.retrain(0, {1, 2}, 0);
    link.retrain(0, {}, 0);
    EXPECT_EQ(link.speed().gen, 3u) << "what is not said is all there can be";
    EXPECT_EQ(link.speed().lanes, 4u);
}

TEST(LinkRetrain, NothingMovesMeanwhile) {
    LinkParams params = bare(1, 1);
    params.latency_ns = 1;
    Link link(params);
    link.retrain(kPsPerUs, {1, 1}, 50 * kPsPerUs);
    EXPECT_EQ(link.write(2 * kPsPerUs, 100), 51 * kPsPerUs + 400'000 + 1'000);
    EXPECT_EQ(link.write(2 * kPsPerUs, 1'000), 51 * kPsPerUs + 400'000 + 4'000'000 + 1'000);
    EXPECT_EQ(link.read(2 * kPsPerUs, 100), 51 * kPsPerUs + 400'000 + 400'000 + 2'000);
    EXPECT_EQ(link.from_host(2 * kPsPerUs), 51 * kPsPerUs + 1'000);
    EXPECT_EQ(link.from_host(60 * kPsPerUs), 60 * kPsPerUs + 1'000);
}

TEST(LinkRetrain, WhatIsQueuedGoesOnAfterIt) {
    Link link(bare(1, 1));
    EXPECT_EQ(link.write(0, 10'000), 40 * kPsPerUs);
    link.retrain(kPsPerUs, {1, 1}, 50 * kPsPerUs);
    EXPECT_EQ(link.write(2 * kPsPerUs, 10'000), (40 + 50 + 40) * kPsPerUs);
}

TEST(LinkRetrain, LeavesTheLinkAwake) {
    LinkParams params = bare(1, 1);
    params.l1_entry_ns = 10'000;
    Link link(params);
    link.set_aspm(0, 2);
    link.retrain(100 * kPsPerUs, {1, 1}, 50 * kPsPerUs);
    EXPECT_EQ(link.write(155 * kPsPerUs, 100), 155 * kPsPerUs + 400'000);
    EXPECT_EQ(link.write(200 * kPsPerUs, 100), 200 * kPsPerUs + 400'000 + 8 * kPsPerUs);
}

TEST(LinkRetrain, AnInfinitelyFastLinkStaysSo) {
    Link link(bare(0, 4));
    link.retrain(0, {1, 1}, 50 * kPsPerUs);
    EXPECT_EQ(link.write(7, 4096), 7u);
    EXPECT_EQ(link.from_host(7), 7u);
}

TEST(LinkRetrain, ATrainingThatNeverEndsEndsWithTime) {
    Link link(bare(1, 1));
    link.retrain(kPsPerUs, {1, 1}, util::kNever);
    EXPECT_EQ(link.write(2 * kPsPerUs, 100), util::kNever);
    EXPECT_EQ(link.from_host(2 * kPsPerUs), util::kNever);
}

}  // namespace
}  // namespace pcie::test
