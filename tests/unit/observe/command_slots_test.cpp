// SPDX-License-Identifier: Apache-2.0
#include "models/observe/command_slots.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace observe {
namespace {

TEST(CommandSlotsTest, KeepsAnyIdentifiersApart) {
    std::mt19937_64 random(12);
    CommandSlots slots;
    slots.set_entries(1, 32);
    std::set<std::uint16_t> known;
    for (std::uint32_t step = 0; step < 20'000; ++step) {
        const auto cid = static_cast<std::uint16_t>(random() % 8 * 0x1000 + random() % 40);
        CommandSlot* const found = slots.find(1, cid);
        ASSERT_EQ(found != nullptr, known.count(cid) != 0) << step;
        if (found == nullptr) {
            slots.take(1, cid).nsid = cid;
            known.insert(cid);
        } else {
            ASSERT_EQ(found->nsid, cid);
            ASSERT_EQ(&slots.take(1, cid), found);
            slots.release(1, *found);
            known.erase(cid);
        }
    }
    std::multiset<std::uint32_t> left;
    slots.forget(1, [&left](const CommandSlot& slot) { left.insert(slot.nsid); });
    EXPECT_EQ(left, std::multiset<std::uint32_t>(known.begin(), known.end()));
}

TEST(CommandSlotsTest, SpareIdentifiersHavePlacesToo) {
    CommandSlots slots;
    slots.set_entries(1, 64);
    for (std::uint16_t cid = 0; cid < 128; ++cid) (void)slots.take(1, cid);
    EXPECT_EQ(slots.misplaced(), 0u);
}

/// Linux has a generation in the upper four bits, and so no two commands in one place.
TEST(CommandSlotsTest, AGenerationInTheUpperBitsMisplacesNothing) {
    CommandSlots slots;
    slots.set_entries(1, 1024);
    for (unsigned tag = 0; tag < 1023; ++tag)
        (void)slots.take(1, static_cast<std::uint16_t>((tag % 16) << 12 | tag));
    EXPECT_EQ(slots.misplaced(), 0u);
    EXPECT_EQ(slots.places(), 1024u);
}

TEST(CommandSlotsTest, AQueueTakesItsPlacesWithTheFirstCommandAndNeverMoreThanTheMost) {
    CommandSlots slots;
    for (std::uint32_t sqid = 0; sqid < 0x1'0000; ++sqid)
        slots.set_entries(static_cast<std::uint16_t>(sqid), 0x1'0000);
    EXPECT_EQ(slots.places(), 0u);
    (void)slots.take(0xffff, 0xffff);
    EXPECT_EQ(slots.places(), CommandSlots::kMostPlaces);
    slots.clear();
    EXPECT_EQ(slots.find(0xffff, 0xffff), nullptr);
    EXPECT_EQ(slots.places(), 0u);
}

}  // namespace
}  // namespace observe
