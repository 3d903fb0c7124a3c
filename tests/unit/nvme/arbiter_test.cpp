// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/arbiter.h"

#include <gtest/gtest.h>

#include <string>

namespace nvme::test {
namespace {
using spec::QueuePriority;
using util::kNever;

class ArbiterTest : public testing::Test {
protected:
    ArbiterTest() { arbiter.reset(true); }

    /// The queues that are served in `n` grants, each of one burst; the decoder takes no time.
    std::string order(unsigned n) {
        std::string text;
        for (unsigned i = 0; i < n; ++i) {
            const auto grant = arbiter.next(0, settings);
            if (grant.sqid == 0) return text + '.';
            text.append(grant.burst, static_cast<char>('0' + grant.sqid));
            arbiter.used(grant, grant.burst, 0);
        }
        return text;
    }
    void queue(std::uint16_t sqid, QueuePriority priority, std::uint16_t cqid = 1) {
        arbiter.add(sqid, cqid, priority);
        arbiter.set_candidate(sqid, true);
    }

    Arbiter arbiter{8};
    ArbitrationSettings settings{1, 1, 1, 1};
};

TEST_F(ArbiterTest, GrantsNothingWithoutACandidate) {
    arbiter.add(1, 1, QueuePriority::kUrgent);
    EXPECT_EQ(order(1), ".");
    arbiter.set_candidate(1, true);
    EXPECT_EQ(order(2), "11");
    arbiter.remove(1);
    EXPECT_EQ(order(1), ".");
}

TEST_F(ArbiterTest, QueuesOfOneClassTakeTurns) {
    for (const auto priority : {QueuePriority::kUrgent, QueuePriority::kHigh,
                                QueuePriority::kMedium, QueuePriority::kLow}) {
        arbiter.reset(true);
        queue(2, priority);
        queue(5, priority, 2);
        queue(7, priority, 3);
        EXPECT_EQ(order(6), "257257");
    }
}

TEST_F(ArbiterTest, UrgentGoesBeforeEverythingElse) {
    queue(1, QueuePriority::kHigh);
    queue(2, QueuePriority::kUrgent, 2);
    EXPECT_EQ(order(3), "222");
    arbiter.set_candidate(2, false);
    EXPECT_EQ(order(1), "1");
}

TEST_F(ArbiterTest, LevelsShareByTheirWeights) {
    settings = {~0u, 4, 2, 1};
    queue(1, QueuePriority::kLow);
    queue(2, QueuePriority::kMedium, 2);
    queue(3, QueuePriority::kHigh, 3);
    EXPECT_EQ(order(6), "33332213333221");
}

TEST_F(ArbiterTest, BurstIsTheSmallerOfTheSettingAndTheCreditLeft) {
    settings = {2, 5, 1, 1};
    queue(1, QueuePriority::kHigh);
    queue(2, QueuePriority::kHigh);
    queue(3, QueuePriority::kLow);
    EXPECT_EQ(order(4),
              "1122"
              "1"
              "3");
    EXPECT_EQ(order(4),
              "2211"
              "2"
              "3");
}

TEST_F(ArbiterTest, LevelWithNothingToFetchLeavesItsShareToTheOthers) {
    settings = {1, 2, 9, 1};
    queue(1, QueuePriority::kHigh);
    queue(3, QueuePriority::kLow);
    EXPECT_EQ(order(6), "113113");
    queue(2, QueuePriority::kMedium);
    EXPECT_EQ(order(3), "222") << "of the round that has begun";
}

TEST_F(ArbiterTest, NobodyFetchesBeforeTheDecoderIsFreeOrWhileAdminCommandsWait) {
    queue(1, QueuePriority::kUrgent, 4);
    const auto grant = arbiter.next(10, settings);
    EXPECT_EQ(grant.cqid, 4);
    arbiter.used(grant, 1, 50);
    EXPECT_EQ(arbiter.next(49, settings).sqid, 0);
    EXPECT_EQ(arbiter.next(50, settings).sqid, 1);
    arbiter.admin_rung(60);
    arbiter.admin_rung(70);
    EXPECT_EQ(arbiter.next(59, settings).sqid, 1);
    EXPECT_EQ(arbiter.next(60, settings).sqid, 0);
    arbiter.set_admin(kNever);
    EXPECT_EQ(arbiter.next(60, settings).sqid, 1);
}

}  // namespace
}  // namespace nvme::test
