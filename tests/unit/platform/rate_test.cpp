// SPDX-License-Identifier: Apache-2.0
// rate_iops, in simulated time, so that every moment is exact.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/platform/workload_test_support.h"

namespace platform {
namespace {

using test::count_of;
using test::instance_of;
using test::Runner;

// A mix used to wait with everything until the request that was drawn had its time: with
// rate_iops=5000,2000 and half of the mix writes, there were no more than 2000 reads per second.
TEST(RateIops, EachDirectionOfAMixRunsAtARateOfItsOwn) {
    for (const char* mix : {"", "rwmixread=90\n", "rwmixread=10\n", "iodepth=8\n"}) {
        Runner runner{instance_of(
            std::string{"rw=randrw\nsize=32m\nrate_iops=5000,2000\ntime_based\nruntime=2\n"} +
            mix)};
        runner.run();
        EXPECT_EQ(count_of(runner.issued, Op::kRead), 10'000u) << mix;
        EXPECT_EQ(count_of(runner.issued, Op::kWrite), 4'000u) << mix;
        PerDirection<std::uint64_t> count{};
        for (std::size_t i = 0; i < runner.issued.size(); ++i) {
            const std::size_t direction = index_of(runner.issued[i].op);
            const std::uint64_t rate = direction == 0 ? 5000 : 2000;
            EXPECT_EQ(runner.issued[i].not_before, count[direction]++ * util::kPsPerS / rate);
        }
    }
}

TEST(RateIops, OneNumberHoldsForEachDirectionAndNotForTheirSum) {
    Runner runner{instance_of("rw=rw\nsize=32m\nrate_iops=1000\ntime_based\nruntime=1\n")};
    runner.run();
    EXPECT_EQ(count_of(runner.issued, Op::kRead), 1000u);
    EXPECT_EQ(count_of(runner.issued, Op::kWrite), 1000u);
    Runner trims{instance_of("rw=trim\nsize=32m\nrate_iops=1,1,500\ntime_based\nruntime=1\n")};
    trims.run();
    EXPECT_EQ(trims.issued.size(), 500u);
}

TEST(RateIops, ADirectionWithoutALimitFillsTheTimeOfTheOther) {
    Runner runner{instance_of("rw=randrw\nsize=32m\nrate_iops=0,10\ntime_based\nruntime=1\n")};
    runner.latency = util::kPsPerMs;
    runner.run();
    EXPECT_EQ(count_of(runner.issued, Op::kWrite), 10u);
    EXPECT_EQ(count_of(runner.issued, Op::kRead), 990u);
}

TEST(RateIops, ADirectionOfWhichTheMixHasNothingDoesNotStandIn) {
    Runner runner{
        instance_of("rw=randrw\nrwmixread=100\nsize=32m\nrate_iops=100,1000\n"
                    "time_based\nruntime=1\n")};
    runner.run();
    EXPECT_EQ(count_of(runner.issued, Op::kRead), 100u);
    EXPECT_EQ(runner.issued.size(), 100u);
}

TEST(RateIops, WhatTheDeviceCouldNotKeepUpWithIsCaughtUpWith) {
    Runner runner{instance_of("rw=write\nsize=1m\nrate_iops=1000\n")};
    runner.latency = 3 * util::kPsPerMs;
    runner.run(2);
    runner.latency = util::kPsPerUs;
    runner.run();
    ASSERT_EQ(runner.issue_times.size(), 256u);
    EXPECT_EQ(runner.issue_times[1], 3 * util::kPsPerMs);
    EXPECT_EQ(runner.issue_times[255], 255 * util::kPsPerMs);
}

TEST(RateIops, AThinktimeDoesNotShiftTheRates) {
    Runner runner{
        instance_of("rw=rw\nsize=32m\nthinktime=3ms\nrate_iops=100,50\ntime_based\nruntime=1\n")};
    runner.latency = util::kPsPerUs;
    runner.run();
    EXPECT_EQ(count_of(runner.issued, Op::kRead), 100u);
    EXPECT_EQ(count_of(runner.issued, Op::kWrite), 50u);
}

TEST(RateIops, SpacesRequestsWithoutRoundingDrift) {
    Runner runner{instance_of("rw=write\nsize=4m\nrate_iops=3\nnumber_ios=1000\n")};
    runner.run();
    ASSERT_EQ(runner.issued.size(), 1000u);
    EXPECT_EQ(runner.issued[1].not_before, util::kPsPerS / 3);
    EXPECT_EQ(runner.issued[999].not_before, 333 * util::kPsPerS);
}

TEST(RateIops, ANewLoopDoesNotReleaseRequestsFromTheirRate) {
    Runner runner{instance_of("rw=write\nsize=8k\nloops=3\nrate_iops=1000\n")};
    runner.run();
    ASSERT_EQ(runner.issued.size(), 6u);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(runner.issue_times[i], i * util::kPsPerMs);
}

}  // namespace
}  // namespace platform
