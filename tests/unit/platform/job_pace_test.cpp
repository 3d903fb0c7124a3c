// SPDX-License-Identifier: Apache-2.0
// When jobs do it, in simulated time, so that every moment is exact.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/platform/workload_test_support.h"

namespace platform {
namespace {

using test::count_of;
using test::instance_of;
using test::Runner;

// The sum used to wrap around, and a pause came before each request.
TEST(JobPace, APeriodThatEndsBeyondTheEndOfTimeDoesNotWrapAround) {
    Runner runner{instance_of(
        "rw=read\nsize=64k\nthinktime=1us\nthinktime_iotime=213d\nthinktime_blocks=4\n")};
    runner.now = util::kNever - 1000 * util::kPsPerMs;
    runner.latency = 1;
    const util::TimePs begin = runner.now;
    runner.run();
    EXPECT_EQ(runner.issued.size(), 16u);
    EXPECT_LT(runner.now - begin, 8 * util::kPsPerUs);
}

TEST(JobPace, ARateInBytesHoldsForEachDirection) {
    Runner runner{
        instance_of("rw=rw\nbs=4k,64k\nrate=4000k,640k\nsize=32m\ntime_based\nruntime=1\n")};
    runner.run();
    EXPECT_EQ(count_of(runner.issued, Op::kRead), 1000u);
    EXPECT_EQ(count_of(runner.issued, Op::kWrite), 10u);
}

TEST(JobPace, ARateInBytesCountsWhatEachRequestHas) {
    Runner runner{instance_of("rw=read\nbsrange=4k-64k\nrate=1m\nsize=4m\n")};
    runner.run();
    std::uint64_t bytes = 0;
    for (const IoRequest& request : runner.issued) {
        EXPECT_EQ(request.not_before, bytes * util::kPsPerS / (1 << 20));
        bytes += request.length;
    }
    EXPECT_EQ(bytes, std::uint64_t{4} << 20);
}

TEST(JobPace, APoissonProcessHasItsMeanAndItsSpread) {
    Runner runner{instance_of("rw=randread\nsize=40m\nrate_iops=1000\nrate_process=poisson\n")};
    runner.latency = 0;
    runner.run();
    ASSERT_EQ(runner.issued.size(), 10'240u);
    std::vector<double> pauses;
    for (std::size_t i = 1; i < runner.issued.size(); ++i)
        pauses.push_back(
            static_cast<double>(runner.issued[i].not_before - runner.issued[i - 1].not_before) /
            static_cast<double>(util::kPsPerMs));
    double sum = 0;
    double squares = 0;
    for (const double pause : pauses) {
        sum += pause;
        squares += pause * pause;
    }
    const double mean = sum / static_cast<double>(pauses.size());
    EXPECT_NEAR(mean, 1.0, 0.03);
    // An exponential distribution: the variance is the square of the mean.
    EXPECT_NEAR(squares / static_cast<double>(pauses.size()) - mean * mean, 1.0, 0.1);
    const auto longer = std::count_if(pauses.begin(), pauses.end(), [](double p) { return p > 1; });
    EXPECT_NEAR(static_cast<double>(longer) / static_cast<double>(pauses.size()), 0.368, 0.02);
}

TEST(JobPace, PausesComeAfterSoManyRequests) {
    Runner runner{
        instance_of("rw=write\nsize=32k\nthinktime=10ms\nthinktime_blocks=4\n"
                    "iodepth=2\n")};
    runner.latency = util::kPsPerMs;
    runner.run();
    ASSERT_EQ(runner.issue_times.size(), 8u);
    EXPECT_EQ(runner.max_in_flight, 2u);
    EXPECT_LE(runner.issue_times[3], 3 * util::kPsPerMs);
    EXPECT_EQ(runner.issue_times[4], 14 * util::kPsPerMs) << "all four took 4 ms, then the pause";
    EXPECT_EQ(runner.issue_times[5], 14 * util::kPsPerMs);
}

TEST(JobPace, PausesComeAfterSomeTime) {
    Runner runner{instance_of("rw=write\nsize=4m\nthinktime=1s\nthinktime_iotime=100ms\n")};
    runner.latency = 10 * util::kPsPerMs;
    runner.run(30);
    ASSERT_EQ(runner.issue_times.size(), 30u);
    EXPECT_EQ(runner.issue_times[9], 90 * util::kPsPerMs);
    EXPECT_EQ(runner.issue_times[10], 1100 * util::kPsPerMs);
    EXPECT_EQ(runner.issue_times[20], 2200 * util::kPsPerMs);
}

/// How many were in flight each time that requests were issued after others had completed.
std::vector<std::size_t> refills(const std::string& keys, unsigned depth) {
    IoGenerator generator{
        instance_of("rw=randread\nsize=1m\niodepth=" + std::to_string(depth) + "\n" + keys)};
    std::vector<std::size_t> result;
    std::vector<IoRequest> in_flight;
    IoRequest request;
    bool completed = false;
    for (int i = 0; i < 200; ++i) {
        if (in_flight.size() < depth && generator.next(0, request) == IoGenerator::Step::kIssue) {
            if (completed) result.push_back(in_flight.size());
            completed = false;
            in_flight.push_back(request);
            continue;
        }
        generator.complete(in_flight.back(), true, 0);
        in_flight.pop_back();
        completed = true;
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

TEST(JobPace, AFullQueueDrainsAsFarAsTheKeysSay) {
    using Depths = std::vector<std::size_t>;
    EXPECT_EQ(refills("", 8), Depths{7});
    EXPECT_EQ(refills("iodepth_low=3\n", 8), Depths{3});
    EXPECT_EQ(refills("iodepth_batch_complete_min=4\n", 8), Depths{4});
    EXPECT_EQ(refills("iodepth_batch_complete_min=100\n", 8), Depths{0});
    EXPECT_EQ(refills("iodepth_low=8\niodepth_batch_complete_min=0\n", 8), Depths{7});
}

TEST(JobPace, RuntimeBeginsAfterTheRamp) {
    Runner runner{instance_of("rw=randread\nsize=64m\nruntime=1ms\nramp_time=2ms\n")};
    runner.latency = 10 * util::kPsPerUs;
    runner.run();
    EXPECT_EQ(runner.issued.size(), 300u);
}

TEST(JobPace, AFlowKeepsTheRatioOfItsJobs) {
    auto group = std::make_shared<FlowGroup>();
    IoGenerator eight{instance_of("rw=randread\nsize=16m\nflow=8\n")};
    IoGenerator one{instance_of("rw=write\nsize=16m\nflow=1\nflow_sleep=1ms\n")};
    eight.set_flow(group);
    one.set_flow(group);
    std::size_t count[2] = {};
    IoRequest request;
    for (int i = 0; i < 900; ++i) {
        IoGenerator& generator = i % 2 == 0 ? one : eight;
        const IoGenerator::Step step = generator.next(5, request);
        if (step == IoGenerator::Step::kIssue) {
            ++count[i % 2];
            generator.complete(request, true, 5);
        } else {
            ASSERT_EQ(step, IoGenerator::Step::kPause);
            EXPECT_EQ(request.not_before, 5 + (i % 2 == 0 ? util::kPsPerMs : util::kPsPerUs));
        }
    }
    EXPECT_NEAR(static_cast<double>(count[1]) / static_cast<double>(count[0]), 8, 0.5);
    // A job that has ended holds nobody up.
    one.stop();
    EXPECT_EQ(one.next(5, request), IoGenerator::Step::kDone);
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(eight.next(5, request), IoGenerator::Step::kIssue);
        eight.complete(request, true, 5);
    }
}

}  // namespace
}  // namespace platform
