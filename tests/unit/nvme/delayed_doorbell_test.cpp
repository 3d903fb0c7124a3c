// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/delayed_doorbell.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace nvme::test {
namespace {
using util::kNever;
using util::TimePs;

TEST(DelayedDoorbell, AValueIsVisibleFromItsTimeOn) {
    DelayedDoorbell d;
    d.write(5, 100);
    EXPECT_EQ(d.newest(), 5u);
    EXPECT_FALSE(d.update(99));
    EXPECT_EQ(d.visible(), 0u);
    EXPECT_TRUE(d.update(100));
    EXPECT_EQ(d.visible(), 5u);
    EXPECT_EQ(d.next_due(), kNever);
}

TEST(DelayedDoorbell, WritesDoNotOvertakeOneAnother) {
    DelayedDoorbell d;
    d.write(5, 100);
    d.write(6, 40);
    d.update(50);
    EXPECT_EQ(d.visible(), 0u);
    d.update(100);
    EXPECT_EQ(d.visible(), 6u);
}

TEST(DelayedDoorbell, ManyDueWritesAreOneChange) {
    DelayedDoorbell d;
    for (std::uint16_t i = 1; i <= 10; ++i) d.write(i, i);
    EXPECT_TRUE(d.update(7));
    EXPECT_EQ(d.visible(), 7u);
    EXPECT_EQ(d.next_due(), 8u);
}

TEST(DelayedDoorbell, AnUpdateThatEndsWhereItBeganReportsNoChange) {
    DelayedDoorbell d(3);
    d.write(4, 1);
    d.write(3, 2);
    EXPECT_FALSE(d.update(2));
}

TEST(DelayedDoorbell, WithTooManyPendingTheNewestIsNeverLostAndNoneIsEarly) {
    DelayedDoorbell d;
    for (std::uint16_t i = 1; i <= 40; ++i) {
        d.write(i, 10u * i);
        EXPECT_EQ(d.newest(), i);
    }
    for (TimePs now = 0; now <= 400; ++now) {
        d.update(now);
        EXPECT_LE(d.visible(), now / 10) << "at " << now;
    }
    EXPECT_EQ(d.visible(), 40u);
    EXPECT_EQ(d.next_due(), kNever);
}

// Pre-fix, the write that takes the last place was ordered behind the one before the replaced one.
TEST(DelayedDoorbell, AWriteThatTakesTheLastPlaceIsNotEarlierThanTheReplacedOne) {
    DelayedDoorbell d;
    for (std::uint16_t i = 1; i <= 15; ++i) d.write(i, i);
    d.write(16, 1000);
    d.write(17, 20);
    d.update(999);
    EXPECT_EQ(d.visible(), 15u);
    d.update(1000);
    EXPECT_EQ(d.visible(), 17u);
}

/// Every write kept, in a list without end.
TEST(DelayedDoorbell, RandomWritesBehaveAsAnUnboundedListWhileTheyFit) {
    struct Pending {
        TimePs at;
        std::uint16_t value;
    };
    std::mt19937 random(7);
    for (unsigned run = 0; run < 50; ++run) {
        DelayedDoorbell d;
        std::vector<Pending> list;
        std::uint16_t visible = 0;
        TimePs now = 0, latest = 0;
        for (unsigned step = 0; step < 400; ++step) {
            if (random() % 2 == 0 && list.size() < 16) {
                const auto value = static_cast<std::uint16_t>(random());
                const TimePs at = now + random() % 50;
                if (list.empty()) latest = 0;
                latest = std::max(latest, at);
                list.push_back({latest, value});
                d.write(value, at);
            } else {
                now += random() % 10;
                while (!list.empty() && list.front().at <= now) {
                    visible = list.front().value;
                    list.erase(list.begin());
                }
                d.update(now);
            }
            ASSERT_EQ(d.visible(), visible);
            ASSERT_EQ(d.next_due(), list.empty() ? kNever : list.front().at);
        }
    }
}

}  // namespace
}  // namespace nvme::test
