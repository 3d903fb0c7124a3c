// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_ring.h"

#include <gtest/gtest.h>

namespace observe {
namespace {

class Ring : public ::testing::Test {
protected:
    Ring() { ring.begin(8); }
    VcdRing ring;
};

TEST_F(Ring, IsWhereTheDoorbellSaysUntilTheProcessHasSeenIt) {
    EXPECT_EQ(ring.ring(3), 3u);
    EXPECT_EQ(ring.see(0), 0u);  // of before
    EXPECT_EQ(ring.at(), 3);
    EXPECT_EQ(ring.see(3), 0u);
    EXPECT_EQ(ring.ring(1), 6u) << "around the end";
    EXPECT_EQ(ring.see(3), 0u);
    EXPECT_EQ(ring.at(), 1);
}

TEST_F(Ring, FollowsWhatTheProcessSeesInMemoryWhenNobodyRings) {
    EXPECT_EQ(ring.see(2), 2u);
    EXPECT_EQ(ring.see(7), 5u);
    EXPECT_EQ(ring.see(1), 2u);
    EXPECT_EQ(ring.at(), 1);
}

// With shadow doorbells the host rings now and then, and goes on without.
TEST_F(Ring, ForgetsADoorbellThatTheProcessHasPassed) {
    EXPECT_EQ(ring.ring(5), 5u);
    EXPECT_EQ(ring.see(6), 1u) << "5 and one more";
    EXPECT_EQ(ring.see(3), 5u) << "around the end: 5 is no longer ahead";
    EXPECT_EQ(ring.at(), 3);
}

TEST_F(Ring, OfAnUnknownSizeDoesNotDivideByIt) {
    ring.begin(0);
    EXPECT_EQ(ring.ring(5), 5u);
    EXPECT_EQ(ring.see(5), 0u);
    EXPECT_EQ(ring.ring(2), 0u);
    EXPECT_EQ(ring.at(), 2);
}

}  // namespace
}  // namespace observe
