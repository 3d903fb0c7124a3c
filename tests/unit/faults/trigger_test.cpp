// SPDX-License-Identifier: Apache-2.0
#include "models/faults/trigger.h"

#include <gtest/gtest.h>

namespace faults {
namespace {

/// Which of `count` matches, numbered from 1, are acted on.
std::vector<unsigned> acted_on(const Rule& rule, unsigned count, std::uint64_t stream = 0) {
    Trigger trigger(rule, stream);
    std::vector<unsigned> fired;
    for (unsigned i = 1; i <= count; ++i)
        if (trigger.fires(rule, 0)) fired.push_back(i);
    EXPECT_EQ(trigger.matched(), count);
    EXPECT_EQ(trigger.fired(), fired.size());
    return fired;
}
using Numbers = std::vector<unsigned>;

TEST(TriggerTest, ActsOnEveryMatchUnlessTold) {
    EXPECT_EQ(acted_on({}, 4), (Numbers{1, 2, 3, 4}));
}

TEST(TriggerTest, NthEveryAndCountGoTogether) {
    Rule rule;
    rule.nth = 3;
    EXPECT_EQ(acted_on(rule, 5), (Numbers{3, 4, 5}));
    rule.count = 1;
    EXPECT_EQ(acted_on(rule, 5), (Numbers{3}));
    rule.every = 2;
    rule.count = 2;
    EXPECT_EQ(acted_on(rule, 10), (Numbers{3, 5}));
    rule.nth = rule.every = 4;
    rule.count = 0;
    EXPECT_EQ(acted_on(rule, 12), (Numbers{4, 8, 12}));
}

TEST(TriggerTest, ChanceIsAboutWhatWasAskedForAndTheSameForTheSameSeed) {
    Rule rule;
    rule.probability_ppm = 250'000;
    const Numbers first = acted_on(rule, 40'000);
    EXPECT_NEAR(static_cast<double>(first.size()), 10'000.0, 400.0);
    EXPECT_EQ(acted_on(rule, 40'000), first);
    EXPECT_NE(acted_on(rule, 40'000, 1), first) << "another rule of the plan";
    rule.seed = 2;
    EXPECT_NE(acted_on(rule, 40'000), first);
    rule.probability_ppm = 0;
    EXPECT_EQ(acted_on(rule, 1000), Numbers{});
}

TEST(TriggerTest, WhatHappensOutsideOfTheTimeDoesNotCount) {
    Rule rule;
    rule.from_ns = 10;
    rule.until_ns = 20;
    rule.nth = 2;
    Trigger trigger(rule, 0);
    EXPECT_FALSE(trigger.fires(rule, 9'999));
    EXPECT_FALSE(trigger.fires(rule, 10'000));
    EXPECT_TRUE(trigger.fires(rule, 20'000));
    EXPECT_FALSE(trigger.fires(rule, 20'001));
    EXPECT_EQ(trigger.matched(), 2u);
}

}  // namespace
}  // namespace faults
