// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/queue_clock.h"

#include <vector>

#include <gtest/gtest.h>

namespace analysis {
namespace {

TEST(SubmissionClock, KnowsWhichDoorbellToldOfAnEntryAlsoAroundTheEnd) {
    SubmissionClock clock;
    clock.restart(4);
    clock.rung(2, 100);
    EXPECT_EQ(clock.fetched(), 100u);
    clock.rung(1, 200);  // entries 2, 3 and 0
    EXPECT_EQ(clock.fetched(), 100u);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(clock.fetched(), 200u);
    EXPECT_EQ(clock.fetched(), std::nullopt) << "nobody has told of this one";
}

TEST(SubmissionClock, OfAQueueThatBeginsAnewForgets) {
    SubmissionClock clock;
    clock.restart(4);
    clock.rung(2, 100);
    clock.restart(4);
    EXPECT_EQ(clock.fetched(), std::nullopt);
}

TEST(SubmissionClock, WithoutASizeKnowsNothing) {
    SubmissionClock clock;
    clock.rung(2, 100);
    EXPECT_EQ(clock.fetched(), std::nullopt);
}

/// The commands that the host takes with a doorbell, in order.
std::vector<std::size_t> taken(CompletionClock& clock, std::uint16_t head) {
    std::vector<std::size_t> commands;
    clock.rung(head, [&](const CompletionClock::Entry& e) { commands.push_back(e.command); });
    return commands;
}

TEST(CompletionClock, GivesTheHostWhatItHasTakenAlsoAroundTheEnd) {
    CompletionClock clock;
    clock.restart(4);
    for (std::size_t i = 0; i < 3; ++i) clock.posted(i, i);
    EXPECT_EQ(taken(clock, 2), (std::vector<std::size_t>{0, 1}));
    clock.posted(3, 10);
    clock.posted(4, 10);
    EXPECT_EQ(taken(clock, 1), (std::vector<std::size_t>{2, 3, 4}));
    EXPECT_EQ(taken(clock, 3), (std::vector<std::size_t>{})) << "more than there are";
}

TEST(CompletionClock, TellsOfAnEntryOnce) {
    CompletionClock clock;
    clock.restart(8);
    std::vector<std::size_t> told;
    const auto note = [&](const CompletionClock::Entry& e) { told.push_back(e.command); };
    clock.posted(0, 1);
    clock.posted(1, 1);
    clock.interrupted(5, note);
    clock.posted(2, 6);
    clock.interrupted(7, note);
    EXPECT_EQ(told, (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(taken(clock, 1), (std::vector<std::size_t>{0}));
    clock.posted(3, 8);
    clock.interrupted(9, note);
    EXPECT_EQ(told.back(), 3u);
    EXPECT_EQ(told.size(), 4u);
}

TEST(CompletionClock, ThatNobodyAnswersHoldsNoMoreThanTheQueue) {
    CompletionClock clock;
    clock.restart(4);
    for (std::size_t i = 0; i < 100; ++i) clock.posted(i, i);
    EXPECT_EQ(taken(clock, 3), (std::vector<std::size_t>{96, 97, 98}));
}

}  // namespace
}  // namespace analysis
