// SPDX-License-Identifier: Apache-2.0
#include "models/faults/rule.h"
#include "models/nvme/subsystem/health_state.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "models/faults/action_table.h"

namespace faults {
namespace {

/// The fields that validate() complains about.
std::vector<std::string> wrong(const Rule& rule) {
    std::vector<std::string> fields;
    for (const RuleProblem& problem : validate(rule)) fields.emplace_back(problem.field);
    return fields;
}
using Fields = std::vector<std::string>;

Rule of(Action action) {
    Rule rule;
    rule.action = action;
    return rule;
}

TEST(RuleTest, ActionsThatNeedNothingAreGoodAsTheyAre) {
    for (const Action action :
         {Action::kExpect,         Action::kDrop,          Action::kHold,
          Action::kComplete,       Action::kDmaError,      Action::kDropCompletion,
          Action::kHoldCompletion, Action::kLoseInterrupt, Action::kDuplicateInterrupt,
          Action::kLoseDoorbell,   Action::kForgeRegister, Action::kNeverReady,
          Action::kReadError,      Action::kWriteError,    Action::kFatalStatus,
          Action::kRemove,         Action::kInsert,        Action::kLinkDown,
          Action::kLinkUp,         Action::kPowerCut,      Action::kPowerOn,
          Action::kAsyncEvent,     Action::kLinkRetrain})
        EXPECT_EQ(wrong(of(action)), Fields{}) << name_of(action);
}

TEST(RuleTest, WhatAnActionCannotDoWithoutIsAskedFor) {
    for (const auto& [action, field] : {std::pair{Action::kDelay, "delay_ns"},
                                        {Action::kDelayCompletion, "delay_ns"},
                                        {Action::kDelayInterrupt, "delay_ns"},
                                        {Action::kDelayDoorbell, "delay_ns"},
                                        {Action::kDelayReady, "delay_ns"},
                                        {Action::kRewriteCommand, "set"},
                                        {Action::kReplaceData, "set"},
                                        {Action::kFlipData, "set"},
                                        {Action::kRewriteCompletion, "set"},
                                        {Action::kRaiseInterrupt, "vector"},
                                        {Action::kOverrideMqes, "value"},
                                        {Action::kOverrideVendorId, "value"},
                                        {Action::kOverrideDeviceId, "value"}}) {
        const Fields problems = wrong(of(action));
        EXPECT_EQ(std::count(problems.begin(), problems.end(), field), 1) << name_of(action);
    }
}

// Each field changed alone, on a rule of each action: exactly those of the action's groups are
// allowed, so a field that is in no group, or in a wrong one, shows.
TEST(RuleTest, AFieldThatMeansNothingForTheActionIsRefused) {
    const auto meaningless = [](const Rule& rule, std::string_view field) {
        for (const RuleProblem& p : validate(rule))
            if (p.field == field && p.text.find("means nothing") == 0) return true;
        return false;
    };
    Rule rule = of(Action::kDrop);
    rule.delay_ns = 1;
    EXPECT_TRUE(meaningless(rule, "delay_ns"));
    rule = of(Action::kFatalStatus);
    rule.vector = 1;
    EXPECT_TRUE(meaningless(rule, "vector"));
    rule = of(Action::kReadError);
    rule.opcode = 2;
    EXPECT_TRUE(meaningless(rule, "opcode"));
    rule = of(Action::kLoseInterrupt);
    rule.queue = 1;
    EXPECT_TRUE(meaningless(rule, "queue"));
    rule = of(Action::kExpect);
    rule.at_ns = 0;
    EXPECT_TRUE(meaningless(rule, "at_ns"));
}

TEST(RuleTest, EveryFieldOfARuleBelongsToSomeAction) {
    // A rule with everything changed: what is refused for every action is in no group.
    Rule all;
    std::vector<std::string> never;
    Rule::visit(all, [&](const util::ParamInfo& info, auto& field) {
        using T = std::decay_t<decltype(field)>;
        bool useful = info.name == "name" || info.name == "action";
        for (std::size_t i = 0; i < util::EnumNames<Action>::names.size() && !useful; ++i) {
            Rule rule = of(static_cast<Action>(i));
            Rule::visit(rule, [&](const util::ParamInfo& other, auto& target) {
                if (other.name != info.name) return;
                if constexpr (std::is_same_v<std::decay_t<decltype(target)>, T>) {
                    if constexpr (std::is_same_v<T, bool>)
                        target = !target;
                    else if constexpr (std::is_same_v<T, Bytes>)
                        target = {1};
                    else if constexpr (std::is_enum_v<T>)
                        target = static_cast<T>(1);
                    else if constexpr (std::is_integral_v<T>)
                        target = static_cast<T>(target == 2 ? 1 : 2);
                    else if constexpr (!std::is_same_v<T, std::string>)
                        target = 1;
                }
            });
            const auto problems = validate(rule);
            useful = std::none_of(problems.begin(), problems.end(), [&](const RuleProblem& p) {
                return p.field == info.name && p.text.find("means nothing") == 0;
            });
        }
        if (!useful) never.emplace_back(info.name);
    });
    EXPECT_EQ(never, Fields{});
}

TEST(RuleTest, RangesAndPlacesAreChecked) {
    Rule rule = of(Action::kDrop);
    rule.nth = 0;
    rule.every = 0;
    rule.probability_ppm = 1'000'001;
    EXPECT_EQ(wrong(rule), (Fields{"nth", "every", "probability_ppm"}));
    rule = of(Action::kRewriteCommand);
    rule.set_offset = 63;
    rule.set = {1, 2};
    EXPECT_EQ(wrong(rule), Fields{"set"});
    rule.set_offset = 62;
    EXPECT_EQ(wrong(rule), Fields{});
    rule.set_mask = {1};
    EXPECT_EQ(wrong(rule), Fields{"set_mask"});
    rule = of(Action::kRewriteCompletion);
    rule.set_offset = 14;
    rule.set = {1, 2, 3};
    EXPECT_EQ(wrong(rule), Fields{"set"});
    rule = of(Action::kDrop);
    rule.match_offset = 60;
    rule.match = {0, 0, 0, 0, 0};
    EXPECT_EQ(wrong(rule), Fields{"match"});
    rule = of(Action::kForgeRegister);
    rule.size = 3;
    EXPECT_EQ(wrong(rule), Fields{"size"});
    rule.size = 8;
    rule.offset = 4;
    EXPECT_EQ(wrong(rule), Fields{"offset"});
    rule = of(Action::kOverrideMqes);
    rule.value = 65536;
    EXPECT_EQ(wrong(rule), Fields{"value"});
    rule = of(Action::kDrop);
    rule.name = "no blanks";
    EXPECT_EQ(wrong(rule), Fields{"name"});
    rule.name.assign(65, 'x');
    EXPECT_EQ(wrong(rule), Fields{"name"});
}

TEST(RuleTest, AHealthStateIsAcceptedWhenTheSubsystemTakesIt) {
    const auto expect_same = [](const nvme::HealthChange& health) {
        Rule rule = of(Action::kHealth);
        rule.health = health;
        EXPECT_EQ(validate(rule).empty(), nvme::problem_of(nvme::changed({}, health)).empty());
    };
    nvme::HealthChange health;
    for (unsigned value = 0; value <= 0xffff; value += value < 2 ? 1 : 0xfffe) {
        health.temperature = static_cast<std::uint16_t>(value);
        expect_same(health);
    }
    for (auto field : {&nvme::HealthChange::available_spare, &nvme::HealthChange::spare_threshold,
                       &nvme::HealthChange::percentage_used})
        for (const unsigned value : {0u, 100u, 101u, 255u}) {
            health = {};
            health.*field = static_cast<std::uint8_t>(value);
            expect_same(health);
        }
}

TEST(RuleTest, AnyFieldOfAHealthStateIsEnoughAndNoneIsTooLittle) {
    Rule rule = of(Action::kHealth);
    ASSERT_EQ(wrong(rule), Fields{"action"});
    EXPECT_EQ(validate(rule)[0].text.find("needs at least one of temperature, available_spare, "),
              0u);
    for (auto field :
         {&nvme::HealthChange::reliability_degraded, &nvme::HealthChange::media_read_only,
          &nvme::HealthChange::volatile_backup_failed, &nvme::HealthChange::pmr_unreliable}) {
        rule.health = {};
        rule.health.*field = false;
        EXPECT_EQ(wrong(rule), Fields{}) << "false is a change, too";
    }
    rule.at_ns = 5;
    EXPECT_EQ(wrong(rule), Fields{});
    rule.action = Action::kAsyncEvent;
    EXPECT_EQ(wrong(rule), Fields{"pmr_unreliable"});
}

TEST(RuleTest, ContradictionsAreFound) {
    Rule rule = of(Action::kExpect);
    rule.at_least = 2;
    rule.at_most = 1;
    EXPECT_EQ(wrong(rule), Fields{"at_most"});
    rule = of(Action::kDrop);
    rule.from_ns = 2;
    rule.until_ns = 1;
    EXPECT_EQ(wrong(rule), Fields{"until_ns"});
    rule = of(Action::kDrop);
    rule.queues = Queues::kIo;
    rule.queue = 0;
    EXPECT_EQ(wrong(rule), Fields{"queue"});
    rule = of(Action::kPowerCut);
    rule.at_ns = 5;
    rule.opcode = 1;
    EXPECT_EQ(wrong(rule), Fields{"at_ns"});
    rule = of(Action::kDmaError);
    rule.dma = DmaAccess::kSqeFetch;
    rule.opcode = 1;
    EXPECT_EQ(wrong(rule), Fields{"opcode"});
    rule = of(Action::kDrop);
    rule.lba = ~0ull;
    rule.blocks = 2;
    EXPECT_EQ(wrong(rule), Fields{"blocks"});
}

}  // namespace
}  // namespace faults
