// SPDX-License-Identifier: Apache-2.0
#include "platform/explore/minimise.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <iterator>

#include <gtest/gtest.h>

namespace platform {
namespace {

using Fails = std::function<bool(const Perturbations&)>;

/// Perturbations at places 1, 2, 3... of so many ns each.
Perturbations delays(std::initializer_list<std::uint64_t> all) {
    Perturbations plan;
    for (const std::uint64_t delay : all) {
        Perturbation one;
        one.rule.action = faults::Action::kDelayInterrupt;
        one.rule.count = 1;
        one.rule.nth = plan.size() + 1;
        one.rule.delay_ns = delay;
        plan.push_back(one);
    }
    return plan;
}

/// The delay at a place; 0: there is none.
std::uint64_t at(const Perturbations& plan, std::uint64_t place) {
    for (const Perturbation& one : plan)
        if (one.rule.nth == place) return one.rule.delay_ns;
    return 0;
}

class Minimise : public ::testing::Test {
protected:
    Perturbations run(const Perturbations& failing, const Fails& fails) {
        return minimise(failing, [&](const std::vector<Perturbations>& candidates) {
            tried += candidates.size();
            const auto found = std::find_if(candidates.begin(), candidates.end(), fails);
            return found == candidates.end()
                       ? std::nullopt
                       : std::optional<std::size_t>(std::distance(candidates.begin(), found));
        });
    }
    std::size_t tried = 0;
};

TEST_F(Minimise, LeavesTheOneThatFailsByItselfWithTheShortestDelayThatDoes) {
    const Perturbations left = run(delays({9, 800, 77'000, 4, 60, 1'000'000, 2, 30}),
                                   [](const auto& plan) { return at(plan, 3) >= 3'000; });
    ASSERT_EQ(left.size(), 1u);
    EXPECT_EQ(at(left, 3), 5'000u);
}

TEST_F(Minimise, LeavesTwoThatFailOnlyTogether) {
    const Perturbations left =
        run(delays({100, 100, 100, 100, 100, 100, 100, 100, 100}),
            [](const auto& plan) { return at(plan, 1) >= 20 && at(plan, 8) > at(plan, 1); });
    ASSERT_EQ(left.size(), 2u);
    EXPECT_EQ(at(left, 1), 20u);
    EXPECT_EQ(at(left, 8), 50u);
}

TEST_F(Minimise, ADelayThatCannotBeShorterStaysAsItIs) {
    const Perturbations left =
        run(delays({12'345}), [](const auto& plan) { return at(plan, 1) >= 12'345; });
    ASSERT_EQ(left.size(), 1u);
    EXPECT_EQ(at(left, 1), 12'345u);
}

TEST_F(Minimise, NothingIsLeftOutWhenAllAreNeeded) {
    const Perturbations left =
        run(delays({1, 1, 1, 1, 1}), [](const auto& plan) { return plan.size() == 5; });
    EXPECT_EQ(left.size(), 5u);
}

TEST_F(Minimise, NeverTriesToFailWithout) {
    (void)run(delays({500}), [](const auto& plan) {
        EXPECT_FALSE(plan.empty());
        return true;
    });
}

TEST_F(Minimise, WhatFailsAtRandomEndsToo) {
    unsigned turn = 0;
    const Perturbations left = run(delays({900, 900, 900, 900, 900, 900, 900, 900}),
                                   [&](const auto&) { return ++turn % 7 == 0; });
    EXPECT_FALSE(left.empty());
    EXPECT_LT(tried, 1000u);
}

}  // namespace
}  // namespace platform
