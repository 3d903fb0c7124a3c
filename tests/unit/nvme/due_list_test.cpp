// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/due_list.h"

#include <vector>

#include <gtest/gtest.h>

namespace nvme::test {
namespace {

std::vector<CommandId> drained(DueList& list) {
    std::vector<CommandId> ids;
    while (!list.empty()) ids.push_back(list.pop().id);
    return ids;
}

DueList five() {
    DueList list;
    list.push({30, 1, 10});
    list.push({10, 5, 11});
    list.push({util::kNever, 2, 12});
    list.push({10, 3, 13});
    list.push({20, 4, 14});
    return list;
}

TEST(DueList, GivesTheEarliestAndAmongEqualTimesTheEarlierFetched) {
    DueList list = five();
    EXPECT_EQ(list.next().at, 10u);
    EXPECT_EQ(drained(list), (std::vector<CommandId>{13, 11, 14, 10, 12}));
}

TEST(DueList, IsInOrderAgainWhenTimesHaveChanged) {
    DueList list = five();
    list.change([](DueList::Due& due) {
        if (due.at == util::kNever) due.at = 5;
        if (due.id == 13) due.at = 25;
    });
    EXPECT_EQ(drained(list), (std::vector<CommandId>{12, 11, 14, 13, 10}));
}

TEST(DueList, TakesOutWhatIsAskedForAndKeepsTheOrderOfTheRest) {
    DueList list = five();
    EXPECT_EQ(list.take_first([](CommandId id) { return id == 10 || id == 14; }), 14);
    EXPECT_EQ(list.take_first([](CommandId id) { return id == 14; }), kNoCommand);
    list.take_out([](CommandId id) { return id == 11 || id == 12; });
    EXPECT_EQ(drained(list), (std::vector<CommandId>{13, 10}));
}

}  // namespace
}  // namespace nvme::test
