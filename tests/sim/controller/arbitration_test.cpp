// SPDX-License-Identifier: Apache-2.0
// The order in which the controller fetches. [NVMe-Base-2.0 3.4.4 Command Arbitration]
#include <random>
#include <string>

#include "tests/sim/controller/probed_fixture.h"
#include "tests/sim/controller/random_io.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;
using spec::QueuePriority;

class Arbitration : public ProbedTest {
protected:
    static platform::DriverOptions options(bool weighted) {
        platform::DriverOptions o;
        o.weighted_round_robin = weighted;
        return o;
    }
    /// Without media the decoder is what commands wait for.
    static ControllerParams without_media() {
        ControllerParams p;
        p.media.model = media::Model::kNone;
        return p;
    }
    explicit Arbitration(bool weighted = true) : ProbedTest(without_media(), options(weighted)) {}

    static constexpr QueuePriority kOfQueue[] = {QueuePriority::kUrgent, QueuePriority::kHigh,
                                                 QueuePriority::kMedium, QueuePriority::kLow};

    /// Queues 1 to 4, urgent to low. With `apart`, each has a completion queue of its own.
    void make_queues(bool apart) {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        for (std::uint16_t qid = 1; qid <= 4; ++qid) {
            const bool needed = apart || qid == 1;
            ASSERT_TRUE(!needed || driver.create_cq({qid, 256, qid}).ok());
            platform::SqOptions sq;
            sq.qid = qid;
            sq.cqid = apart ? qid : std::uint16_t{1};
            sq.priority = kOfQueue[qid - 1];
            ASSERT_TRUE(driver.create_sq(sq).ok());
        }
    }
    /// Weights and the exponent of the burst, which 7 makes unlimited.
    void set_arbitration(unsigned high, unsigned medium, unsigned low, unsigned burst) {
        using A = spec::ArbitrationCdw11;
        const auto value = A{}.with<A::Hpw>(high - 1)
                               .with<A::Mpw>(medium - 1)
                               .with<A::Lpw>(low - 1)
                               .with<A::Ab>(burst);
        ASSERT_TRUE(driver.set_features(spec::FeatureId::kArbitration, value.raw).ok());
    }
    void fill(std::uint16_t qid, unsigned n) {
        for (unsigned i = 0; i < n; ++i)
            (void)driver.submit(qid, commands::flush(1), {}, {}, platform::Doorbell::kLater);
    }
    /// Which queue each command came from, in the order in which they were fetched.
    std::string order() const {
        std::string text;
        for (const auto& e : trace.fetched) text += static_cast<char>('0' + e.sqid);
        return text;
    }
    void ring_all_at_once() {
        trace.clear();
        const std::uint64_t t = now_ps();
        for (std::uint16_t qid = 4; qid >= 1; --qid) driver.ring(qid);
        EXPECT_EQ(now_ps(), t);
        sc_core::wait(us(400));
    }
    void expect_urgent_then_weights(bool apart) {
        make_queues(apart);
        set_arbitration(4, 2, 1, 7);
        fill(1, 6);
        fill(2, 8);
        fill(3, 6);
        fill(4, 6);
        ring_all_at_once();
        EXPECT_EQ(order(),
                  "111111"
                  "222233"
                  "4"
                  "222233"
                  "4"
                  "33"
                  "4"
                  "4"
                  "4"
                  "4");
    }
};

TEST_F(Arbitration, MechanismIsOfferedAndCanBeSelected) {
    simulate([this] {
        bring_up();
        EXPECT_EQ(driver.cap().get<spec::Cap::Ams>(), 1u);
        const auto cc = spec::Cc::from(driver.read32(spec::offset::kCc));
        EXPECT_EQ(cc.get<spec::Cc::Ams>(), spec::kAmsWeightedRoundRobin);
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

TEST_F(Arbitration, UrgentGoesFirstAndTheOthersShareByWeightOnOneCompletionQueue) {
    simulate([this] { expect_urgent_then_weights(false); });
}

TEST_F(Arbitration, TheSameHoldsForQueuesWithCompletionQueuesOfTheirOwn) {
    simulate([this] { expect_urgent_then_weights(true); });
}

TEST_F(Arbitration, BurstEndsATurnEarly) {
    simulate([this] {
        make_queues(true);
        ASSERT_TRUE(driver.create_cq({5, 256, 5}).ok());
        ASSERT_TRUE(driver.create_sq({5, 256, 5, QueuePriority::kHigh}).ok());
        set_arbitration(8, 1, 1, 1);
        fill(2, 6);
        fill(5, 6);
        fill(4, 2);
        driver.ring(5);
        ring_all_at_once();
        EXPECT_EQ(order(),
                  "22552255"
                  "4"
                  "2255"
                  "4");
    });
}

TEST_F(Arbitration, AdminCommandsGoBeforeEveryIoCommand) {
    simulate([this] {
        make_queues(true);
        fill(1, 5);
        fill(4, 5);
        for (int i = 0; i < 3; ++i)
            (void)driver.submit(0, commands::get_features(spec::FeatureId::kArbitration), {}, {},
                                platform::Doorbell::kLater);
        trace.clear();
        driver.ring(1);
        driver.ring(4);
        driver.ring(0);
        sc_core::wait(us(200));
        EXPECT_EQ(order(),
                  "000"
                  "11111"
                  "44444");
    });
}

TEST_F(Arbitration, AdminQueueThatIsBrokenHoldsNobodyBack) {
    simulate([this] {
        make_queues(true);
        driver.write32(driver.sq_doorbell(0), (driver.find_sq(0)->tail + 1) % 32);
        driver.write32(driver.sq_doorbell(0), 999);
        fill(4, 3);
        ring_all_at_once();
        EXPECT_EQ(order(), "444");
        EXPECT_EQ(driver.poll(4), 3u);
        EXPECT_EQ(driver.enable(), DriverError::kNone);
    });
}

TEST_F(Arbitration, UrgentCommandOvertakesABacklogThatIsNotFetchedYet) {
    simulate([this] {
        make_queues(true);
        fill(4, 60);
        fill(1, 1);
        trace.clear();
        driver.ring(4);
        sc_core::wait(us(5));
        const std::size_t before = trace.fetched.size();
        EXPECT_LT(before, 20u);
        driver.ring(1);
        sc_core::wait(us(200));
        const std::size_t at = order().find('1');
        EXPECT_LE(at, before + 1);
    });
}

TEST_F(Arbitration, LowPriorityIsNotStarvedByHighAndMedium) {
    simulate([this] {
        make_queues(true);
        set_arbitration(8, 4, 1, 2);
        trace.clear();
        std::uint64_t done[5] = {};
        for (int i = 0; i < 2'000; ++i) {
            for (std::uint16_t qid = 2; qid <= 4; ++qid)
                while (driver.find_sq(qid)->in_flight < 100 &&
                       driver.submit(qid, commands::flush(1), {},
                                     {[](void* n, const platform::Completion&) {
                                          ++*static_cast<std::uint64_t*>(n);
                                      },
                                      &done[qid]},
                                     platform::Doorbell::kLater)
                               .error == DriverError::kNone) {
                }
            for (std::uint16_t qid = 2; qid <= 4; ++qid) {
                driver.ring(qid);
                (void)driver.poll(qid);
            }
            sc_core::wait(us(1));
        }
        EXPECT_GT(done[4], 100u);
        EXPECT_NEAR(static_cast<double>(done[2]) / static_cast<double>(done[4]), 8, 0.8);
        EXPECT_NEAR(static_cast<double>(done[3]) / static_cast<double>(done[4]), 4, 0.4);
    });
}

/// Verified I/O on queues of all priorities, which come and go.
class ArbitrationStress : public Arbitration {
protected:
    void drain(std::uint16_t qid) {
        while (driver.find_sq(qid)->in_flight != 0) ASSERT_NE(driver.wait_any(qid), 0u) << qid;
    }
    void stress() {
        constexpr std::uint16_t kLoaded[] = {2, 4, 1};
        make_queues(true);
        RandomIo io(driver, 5, 4);
        for (unsigned round = 0; round < 6; ++round) {
            set_arbitration(1 + round, 3, 2, round % 4);
            EXPECT_TRUE(io.run(150)) << round;
            // One goes away with commands in it; the others' turn comes all the same.
            for (const std::uint16_t qid : kLoaded) fill(qid, 30);
            for (const std::uint16_t qid : kLoaded) driver.ring(qid);
            ASSERT_TRUE(driver.delete_queue_pair(1).ok());
            drain(4);
            drain(2);
            ASSERT_TRUE(driver.create_queue_pair({1, 64, 0, 0, 1}).ok());
        }
        EXPECT_EQ(driver.disable(), DriverError::kNone);
        bring_up(2);
        EXPECT_TRUE(verified_io(driver, 2, 64, 32, 2));
    }
    ~ArbitrationStress() override {
        EXPECT_EQ(driver.protocol_errors(), 0u);
        EXPECT_EQ(driver.missed_interrupts(), 0u);
    }
};

TEST_F(ArbitrationStress, EveryQueueHasItsTurn) {
    simulate([this] { stress(); });
}

TEST_F(ArbitrationStress, EveryQueueHasItsTurnWhenEveryAccessWaits) {
    simulate([this] {
        slow_down(us(1));
        stress();
    });
}

class RoundRobin : public Arbitration {
protected:
    RoundRobin() : Arbitration(false) {}
};

TEST_F(RoundRobin, PriorityOfAQueueMeansNothing) {
    simulate([this] {
        make_queues(false);
        set_arbitration(4, 2, 1, 1);
        for (std::uint16_t qid = 1; qid <= 4; ++qid) fill(qid, 4);
        ring_all_at_once();
        EXPECT_EQ(order(), "1122334411223344");
    });
}

}  // namespace
}  // namespace nvme::test
