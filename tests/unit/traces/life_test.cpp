// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/life.h"

#include <vector>

#include <gtest/gtest.h>

namespace analysis {
namespace {

constexpr util::TimePs kNs = util::kPsPerNs;

/// The stages from fetch to completion, in nanoseconds.
std::vector<float> stages_of(Life& life, util::TimePs completed) {
    Command command;
    life.completed(completed, command);
    return {command.stage(Stage::kFetch), command.stage(Stage::kDecode),
            command.stage(Stage::kMedia), command.stage(Stage::kData),
            command.stage(Stage::kCompletion)};
}

TEST(Life, OfAReadWaitsForTheMediaAndThenForTheLink) {
    Life life(1000 * kNs);
    life.arrived(1300 * kNs);
    life.waits(1000 * kNs, "start", 1500 * kNs, 0);
    life.waits(1500 * kNs, "read.send", 51'500 * kNs, 51'500 * kNs);
    life.transfers(52'800 * kNs);
    life.waits(51'500 * kNs, "post", 52'810 * kNs, 0);
    EXPECT_EQ(stages_of(life, 52'810 * kNs), (std::vector<float>{300, 200, 50'000, 1300, 10}));
}

TEST(Life, OfAWriteWaitsForTheLinkAndThenForTheMedia) {
    Life life(0);
    life.arrived(300 * kNs);
    life.waits(0, "start", 500 * kNs, 0);
    life.transfers(2500 * kNs);
    life.waits(500 * kNs, "write.place", 2500 * kNs, 0);
    life.waits(2500 * kNs, "post", 7600 * kNs, 7500 * kNs);
    EXPECT_EQ(stages_of(life, 7600 * kNs), (std::vector<float>{300, 200, 5000, 2000, 100}));
}

TEST(Life, CountsWhatALateStepAndAFullQueueCost) {
    Life life(0);
    life.arrived(300 * kNs);
    life.waits(0, "start", 500 * kNs, 0);
    life.waits(600 * kNs, "post", 700 * kNs, 0);  // a core was 100 ns late
    EXPECT_EQ(stages_of(life, 1700 * kNs), (std::vector<float>{300, 200, 0, 100, 1100}));
}

TEST(Life, ThatAnAbortEndsEarlyIsNoLongerThanItWas) {
    Life life(0);
    life.arrived(300 * kNs);
    life.waits(0, "start", 500 * kNs, 0);
    life.waits(500 * kNs, "read.send", 50'500 * kNs, 50'500 * kNs);
    EXPECT_EQ(stages_of(life, 2500 * kNs), (std::vector<float>{300, 200, 2000, 0, 0}));
}

TEST(Life, ThatWaitsForTheEndOfSomethingGoesOnWithItsNextStep) {
    Life life(0);
    life.arrived(300 * kNs);
    life.waits(0, "start", 500 * kNs, 0);
    life.waits(500 * kNs, "flush.done", util::kNever, 0);
    life.waits(900 * kNs, "post", 1000 * kNs, 0);
    EXPECT_EQ(stages_of(life, 1000 * kNs), (std::vector<float>{300, 200, 0, 400, 100}));
}

TEST(Life, WithoutStepsIsNotKnown) {
    Life life(0);
    EXPECT_EQ(stages_of(life, 1000 * kNs), (std::vector<float>{-1, -1, -1, -1, -1}));
}

}  // namespace
}  // namespace analysis
