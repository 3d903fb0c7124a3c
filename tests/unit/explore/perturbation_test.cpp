// SPDX-License-Identifier: Apache-2.0
#include "platform/explore/perturbation.h"

#include <set>

#include <gtest/gtest.h>

#include "models/faults/injector.h"

namespace platform {
namespace {

using faults::Action;

PerturbedRun run_of(std::vector<std::uint64_t> commands, std::size_t most = 16) {
    return {std::move(commands), most, 30'000'000'000};
}

std::string text_of_all(const Perturbations& all) {
    std::string text;
    for (const Perturbation& one : all) text += text_of(one, 2) + "\n";
    return text;
}

TEST(Perturbations, AreTheSameForASeedAndOthersForAnother) {
    const PerturbedRun run = run_of({500});
    std::set<std::string> all;
    for (std::uint64_t seed = 0; seed != 200; ++seed) {
        const std::string text = text_of_all(draw_perturbations(seed, run));
        EXPECT_EQ(text, text_of_all(draw_perturbations(seed, run)));
        all.insert(text);
    }
    EXPECT_GT(all.size(), 195u);
}

// A change of these makes the seeds of everybody's failures worthless.
TEST(Perturbations, OfASeedNeverChange) {
    EXPECT_EQ(text_of_all(draw_perturbations(2, run_of({500}, 4))),
              "nvme0: {\"action\":\"delay_ready\",\"count\":1,\"delay_ns\":4361572}\n"
              "nvme0: {\"action\":\"delay_interrupt\",\"nth\":485,\"count\":1,\"delay_ns\":252}\n");
}

TEST(Perturbations, AreRulesOfAFaultPlanThatStrikeOnceWhereACommandIs) {
    std::set<Action> actions;
    for (std::uint64_t seed = 0; seed != 500; ++seed) {
        const Perturbations all = draw_perturbations(seed, run_of({100, 7}));
        EXPECT_GE(all.size(), 1u);
        EXPECT_LE(all.size(), 16u);
        for (const Perturbation& one : all) {
            EXPECT_TRUE(faults::validate(one.rule).empty()) << text_of(one, 2);
            EXPECT_EQ(one.rule.count, 1u);
            EXPECT_GE(one.rule.delay_ns, 1u);
            EXPECT_LE(one.rule.nth, one.controller == 0 ? 100u : 7u);
            actions.insert(one.rule.action);
        }
    }
    EXPECT_EQ(actions,
              (std::set<Action>{Action::kDelay, Action::kDelayCompletion, Action::kDelayInterrupt,
                                Action::kDelayDoorbell, Action::kDelayReady}));
}

TEST(Perturbations, SomeAreAroundTheTimeOutOfTheDriverAndNoneWithoutOne) {
    const auto count = [](std::uint64_t timeout) {
        unsigned late = 0;
        for (std::uint64_t seed = 0; seed != 500; ++seed)
            for (const Perturbation& one : draw_perturbations(seed, {{100}, 16, timeout})) {
                if (one.rule.delay_ns <= 100'000'000) continue;
                ++late;
                EXPECT_GE(one.rule.delay_ns, timeout - 20'000'000);
                EXPECT_LT(one.rule.delay_ns, timeout + 1'200'000'000);
                EXPECT_EQ(one.rule.queues, faults::Queues::kIo);
            }
        return late;
    };
    EXPECT_GT(count(30'000'000'000), 100u);
    EXPECT_EQ(count(0), 0u);
}

TEST(Perturbations, OfAControllerThatGetsNoCommandsAreAtTheFirst) {
    for (const Perturbation& one : draw_perturbations(1, run_of({0}))) EXPECT_EQ(one.rule.nth, 1u);
}

TEST(Perturbations, AreAddedToTheirControllersBehindTheUsersRulesTheLastOnesFirst) {
    SystemSpec system(2);
    system[1].controllers.resize(2);
    system[1].controllers[1].faults.resize(1);
    Perturbations all(3);
    for (std::size_t i = 0; i != 3; ++i) {
        all[i].controller = 2;
        all[i].rule.nth = 10 * (i + 1);
    }
    add_perturbations(all, system);
    EXPECT_TRUE(system[0].controllers[0].faults.empty());
    EXPECT_TRUE(system[1].controllers[0].faults.empty());
    const std::vector<faults::Rule>& plan = system[1].controllers[1].faults;
    ASSERT_EQ(plan.size(), 4u);
    EXPECT_EQ(plan[1].nth, 30u);
    EXPECT_EQ(plan[3].nth, 10u);
}

// A rule hides its command from those behind it in the plan. Were they in another order, leaving
// one out would move all that come later.
TEST(Perturbations, StrikeAtTheSameCommandsWhicheverOthersThereAre) {
    const auto struck = [](const std::vector<std::uint64_t>& places) {
        Perturbations all;
        for (const std::uint64_t place : places) {
            Perturbation one;
            one.rule.action = Action::kDelay;
            one.rule.delay_ns = place;
            one.rule.count = 1;
            one.rule.nth = place;
            all.push_back(one);
        }
        SystemSpec system(1);
        add_perturbations(all, system);
        faults::Injector plan(system[0].controllers[0].faults);
        std::set<std::uint64_t> at;
        for (std::uint64_t command = 1; command != 50; ++command) {
            nvme::spec::SubmissionEntry entry{};
            nvme::CommandFaults faults;
            if (plan.on_fetched(1, entry, faults).kind != nvme::FetchVerdict::Kind::kExecute)
                at.insert(command);
        }
        return at;
    };
    EXPECT_EQ(struck({5, 6, 7, 20, 40}), (std::set<std::uint64_t>{5, 6, 7, 20, 40}));
    EXPECT_EQ(struck({6, 40, 20}), (std::set<std::uint64_t>{6, 20, 40}));
}

}  // namespace
}  // namespace platform
