// SPDX-License-Identifier: Apache-2.0
// Power states: what is reported, how long a change takes, and what makes the controller change.
#include <random>

#include "tests/sim/commands/commands_fixture.h"
#include "tests/sim/controller/trace_recorder.h"

namespace nvme::test {
namespace {

using spec::AutonomousTransitions;
using spec::FeatureId;
using util::kPsPerMs;
using util::kPsPerNs;
using util::kPsPerUs;

class OnePowerState : public CommandsTest {};

TEST_F(OnePowerState, IsTheDefaultAndThereAreNoAutonomousTransitions) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const spec::IdentifyController& id = driver.controller();
        EXPECT_EQ(id.npss, 0);
        EXPECT_EQ(id.apsta, 0);
        EXPECT_EQ(id.psd[0].mp, 2500) << "25 W in units of 0.01 W";
        EXPECT_EQ(id.psd[0].flags, 0);
        EXPECT_EQ(id.psd[1].mp, 0);
        const AutonomousTransitions table{};
        EXPECT_EQ(status(driver.admin_write(
                      commands::set_features(FeatureId::kAutonomousPowerStateTransition, 1), &table,
                      sizeof table)),
                  StatusCode::kInvalidField);
    });
}

/// No latency but those of the power states, so that these can be read off.
ControllerParams five_states() {
    ControllerParams params;
    params.power_states =
        "mp=8000; mp=4500,enlat=10,exlat=20,rrt=1,rrl=1,rwt=1,rwl=1; "
        "mp=3000,enlat=30,exlat=40,rrt=2;"
        "mp=55,nops,enlat=2000,exlat=1200,idlp=50; mp=5,nops,enlat=5000,exlat=45000,idlp=5";
    params.autonomous_power_transitions = true;
    params.link.gen = 0;
    params.media.model = media::Model::kNone;
    params.doorbell_to_fetch_ns = 100;
    params.firmware_per_command_ns = 200;
    params.admin_command_ns = 3'000;
    return params;
}

class PowerStates : public CommandsTest {
protected:
    explicit PowerStates(const ControllerParams& params = five_states()) : CommandsTest(params) {
        controller.set_trace(&trace);
    }

    static util::TimePs now() { return sc_core::sc_time_stamp().value(); }
    static void wait_us(double us) { sc_core::wait(us, sc_core::SC_US); }
    Completion enter(std::uint32_t state) {
        return driver.set_features(FeatureId::kPowerManagement, state);
    }
    std::uint32_t current() { return driver.get_features(FeatureId::kPowerManagement).dw0; }
    /// How long a Flush takes from its doorbell to its completion.
    util::TimePs flush_time() {
        trace.clear();
        const util::TimePs t = now();
        EXPECT_TRUE(driver.flush(1).ok());
        return trace.completed.at(0).ps - t;
    }
    StatusCode set_table(const AutonomousTransitions& table, bool enabled = true) {
        return status(driver.admin_write(
            commands::set_features(FeatureId::kAutonomousPowerStateTransition, enabled ? 1 : 0),
            &table, sizeof table));
    }
    static constexpr std::uint64_t entry(std::uint64_t ms, std::uint64_t state) {
        return ms << 8 | state << 3;
    }
    /// From every operational state to 3 after 10 ms, from there to 4 after 50 ms.
    static AutonomousTransitions usual_table() {
        AutonomousTransitions table{};
        for (unsigned i = 0; i < 3; ++i) table.state[i] = entry(10, 3);
        table.state[3] = entry(50, 4);
        return table;
    }

    static constexpr util::TimePs kIo = 300 * kPsPerNs;
    TraceRecorder trace;
};

TEST_F(PowerStates, DescriptorsSayWhatTheParameterSays) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const spec::IdentifyController& id = driver.controller();
        EXPECT_EQ(id.npss, 4);
        EXPECT_EQ(id.apsta, 1);
        EXPECT_EQ(id.psd[0].mp, 800);
        EXPECT_EQ(id.psd[1].enlat, 10u);
        EXPECT_EQ(id.psd[1].exlat, 20u);
        EXPECT_EQ(id.psd[1].rrt, 1);
        EXPECT_EQ(id.psd[1].rrl, 1);
        EXPECT_EQ(id.psd[1].rwt, 1);
        EXPECT_EQ(id.psd[1].rwl, 1);
        EXPECT_EQ(id.psd[2].rrt, 2);
        EXPECT_EQ(id.psd[3].mp, 550) << "units of 0.0001 W";
        EXPECT_EQ(id.psd[3].flags, 3) << "MXPS and NOPS";
        EXPECT_EQ(id.psd[3].idlp, 5) << "50 mW in units of 0.01 W";
        EXPECT_EQ(id.psd[3].ips, 2 << 6);
        EXPECT_EQ(id.psd[4].idlp, 50) << "5 mW in units of 0.0001 W";
        EXPECT_EQ(id.psd[4].ips, 1 << 6);
        EXPECT_EQ(id.psd[5].mp, 0);
    });
}

TEST_F(PowerStates, SetFeaturesCompletesWhenTheControllerIsInTheState) {
    simulate([this] {
        bring_up();
        const auto time_to_enter = [this](std::uint32_t state) {
            trace.clear();
            const util::TimePs t = now();
            EXPECT_TRUE(enter(state).ok());
            return trace.completed.at(0).ps - t - 3'100 * kPsPerNs;
        };
        EXPECT_EQ(time_to_enter(0), 0u) << "it was there";
        EXPECT_EQ(time_to_enter(1), 10 * kPsPerUs);
        EXPECT_EQ(time_to_enter(2), (20 + 30) * kPsPerUs);
        EXPECT_EQ(current(), 2u);
        EXPECT_EQ(time_to_enter(4), (40 + 5000) * kPsPerUs);
        EXPECT_EQ(current(), 4u);
        EXPECT_EQ(time_to_enter(3), (45'000 + 2000) * kPsPerUs);
        EXPECT_EQ(time_to_enter(0), 1200 * kPsPerUs);
        EXPECT_EQ(current(), 0u);
    });
}

TEST_F(PowerStates, StatesThatDoNotExistAreRefusedAndTheHintIsKept) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t state : {5u, 31u, 0xFFFF'FFFFu})
            EXPECT_EQ(status(enter(state)), StatusCode::kInvalidField) << state;
        EXPECT_EQ(current(), 0u);
        EXPECT_TRUE(enter(2 << 5 | 1).ok());
        EXPECT_EQ(current(), 2u << 5 | 1);
    });
}

TEST_F(PowerStates, IoCommandLeavesANonOperationalStateForTheLastOperationalOne) {
    simulate([this] {
        bring_up();
        ASSERT_TRUE(enter(2).ok());
        EXPECT_EQ(flush_time(), kIo) << "operational";
        ASSERT_TRUE(enter(4).ok());
        EXPECT_TRUE(driver.get_features(FeatureId::kArbitration).ok());
        EXPECT_EQ(current(), 4u) << "admin commands change nothing";
        // Exit of 4, entry of 2, counted from the doorbell; then the command is fetched.
        EXPECT_EQ(flush_time(), (45'000 + 30) * kPsPerUs + 200 * kPsPerNs);
        EXPECT_EQ(current(), 2u);
        EXPECT_EQ(flush_time(), kIo);
    });
}

TEST_F(PowerStates, CommandsOfSeveralQueuesThatArriveDuringTheExitAllWaitForIt) {
    simulate([this] {
        bring_up(3);
        ASSERT_TRUE(enter(3).ok());
        trace.clear();
        const util::TimePs t = now();
        Tally tally;
        for (std::uint16_t qid = 1; qid <= 3; ++qid) {
            (void)driver.submit(qid, commands::flush(1), {}, tally.callback());
            wait_us(300);
        }
        wait_us(600);
        for (std::uint16_t qid = 1; qid <= 3; ++qid) driver.poll(qid);
        EXPECT_EQ(tally.done, 3u);
        for (const auto& fetched : trace.fetched) EXPECT_EQ(fetched.ps, t + 1200 * kPsPerUs);
    });
}

TEST_F(PowerStates, StateThatIsAskedForWhileCommandsAreInFlightIsLeftForThem) {
    simulate([this] {
        bring_up();
        Tally tally;
        for (unsigned i = 0; i < 32; ++i)
            (void)driver.submit(1, commands::flush(1), {}, tally.callback());
        const Ticket set = driver.submit(0, commands::set_features(FeatureId::kPowerManagement, 3));
        EXPECT_TRUE(driver.wait(set).ok());
        wait_us(10'000);
        driver.poll(1);
        EXPECT_EQ(tally.done, 32u);
        EXPECT_EQ(tally.failed, 0u);
        EXPECT_TRUE(driver.flush(1).ok());
        EXPECT_EQ(current(), 0u);
    });
}

TEST_F(PowerStates, ResetReturnsToStateZeroAtOnce) {
    simulate([this] {
        bring_up();
        ASSERT_EQ(set_table(usual_table()), StatusCode::kSuccess);
        ASSERT_TRUE(enter(4).ok());
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(current(), 0u);
        ASSERT_EQ(driver.create_io_queues(1, 64), DriverError::kNone);
        EXPECT_EQ(flush_time(), kIo);
        wait_us(500'000);
        EXPECT_EQ(current(), 0u) << "the table is forgotten";
        AutonomousTransitions table;
        const Completion got =
            driver.admin_read(commands::get_features(FeatureId::kAutonomousPowerStateTransition),
                              &table, sizeof table);
        EXPECT_EQ(got.dw0, 0u);
        for (const std::uint64_t word : table.state) EXPECT_EQ(word, 0u);
    });
}

TEST_F(PowerStates, IdleTimeEndsInTheStatesOfTheTable) {
    simulate([this] {
        bring_up();
        const AutonomousTransitions table = usual_table();
        ASSERT_EQ(set_table(table), StatusCode::kSuccess);
        AutonomousTransitions back;
        const Completion got = driver.admin_read(
            commands::get_features(FeatureId::kAutonomousPowerStateTransition), &back, sizeof back);
        EXPECT_EQ(got.dw0, 1u);
        EXPECT_EQ(std::memcmp(&table, &back, sizeof table), 0);
        (void)flush_time();  // idle from here on
        wait_us(9'990);
        EXPECT_EQ(current(), 0u);
        wait_us(100);
        EXPECT_EQ(current(), 3u);
        wait_us(2'000 + 49'800);  // its entry latency, then 50 ms
        EXPECT_EQ(current(), 3u);
        wait_us(200);
        EXPECT_EQ(current(), 4u);
        wait_us(1'000'000);
        EXPECT_EQ(current(), 4u) << "it leads nowhere";
        EXPECT_EQ(flush_time(), 45'000 * kPsPerUs + 200 * kPsPerNs);
        EXPECT_EQ(current(), 0u);
    });
}

TEST_F(PowerStates, EachTransitionIsTracedOnceWithItsCause) {
    util::TimePs doorbell = 0;
    simulate([&] {
        bring_up();
        ASSERT_TRUE(enter(0).ok());  // it was there
        ASSERT_TRUE(enter(2).ok());
        ASSERT_EQ(set_table(usual_table()), StatusCode::kSuccess);
        wait_us(20'000);
        doorbell = now();
        ASSERT_TRUE(driver.flush(1).ok());
        ASSERT_EQ(driver.enable(), DriverError::kNone);
    });
    struct Expected {
        unsigned from, to;
        observe::PowerCause cause;
        std::uint64_t takes_us;
    };
    const Expected expected[] = {{0, 2, observe::PowerCause::kHost, 30},
                                 {2, 3, observe::PowerCause::kIdle, 40 + 2000},
                                 {3, 2, observe::PowerCause::kIo, 1200 + 30},
                                 {2, 0, observe::PowerCause::kReset, 0}};
    ASSERT_EQ(trace.powers.size(), std::size(expected));
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        SCOPED_TRACE(i);
        const observe::PowerTransition& seen = trace.powers[i];
        EXPECT_EQ(seen.from, expected[i].from);
        EXPECT_EQ(seen.to, expected[i].to);
        EXPECT_EQ(seen.cause, expected[i].cause);
        EXPECT_EQ(seen.settled_ps - seen.ps, expected[i].takes_us * kPsPerUs);
    }
    EXPECT_EQ(trace.powers[2].ps, doorbell);
}

TEST_F(PowerStates, TransitionsHappenAtTheExactTimeAndOnlyAfterContinuousIdleTime) {
    simulate([this] {
        bring_up();
        ASSERT_EQ(set_table(usual_table()), StatusCode::kSuccess);
        wait_us(9'900);  // idle time counts from the table on
        for (unsigned i = 0; i < 20; ++i) {
            EXPECT_EQ(flush_time(), kIo);
            wait_us(9'000);
            EXPECT_EQ(flush_time(), kIo) << "never idle for 10 ms";
        }
        wait_us(9'999.999);  // to the doorbell, one nanosecond before the transition
        EXPECT_EQ(flush_time(), kIo);
        wait_us(10'000.001);
        // One nanosecond after it: the entry has to end before the exit begins.
        EXPECT_EQ(flush_time(), (2000 + 1200) * kPsPerUs + 200 * kPsPerNs - kPsPerNs);
    });
}

class PowerStatesOfSlowMedia : public PowerStates {
protected:
    PowerStatesOfSlowMedia()
        : PowerStates([] {
              ControllerParams params = five_states();
              params.media.model = media::Model::kFixed;
              params.media.fixed.read_ns = 25'000'000;
              return params;
          }()) {}
};

TEST_F(PowerStatesOfSlowMedia, CommandInFlightIsNoIdleTimeHoweverLongItTakes) {
    simulate([this] {
        bring_up();
        ASSERT_EQ(set_table(usual_table()), StatusCode::kSuccess);
        const Ticket ticket = driver.submit(1, commands::verify(1, 0, 8));
        wait_us(24'900);
        EXPECT_EQ(current(), 0u);
        EXPECT_TRUE(driver.wait(ticket).ok());
        wait_us(9'900);
        EXPECT_EQ(current(), 0u);
        wait_us(200);
        EXPECT_EQ(current(), 3u);
    });
}

TEST_F(PowerStates, TablesThatMeanNothingAreRefusedAndChangeNothing) {
    simulate([this] {
        bring_up();
        ASSERT_EQ(set_table(usual_table()), StatusCode::kSuccess);
        AutonomousTransitions operational{}, missing{}, unused{};
        operational.state[0] = entry(10, 1);
        missing.state[3] = entry(10, 5);
        unused.state[5] = entry(10, 4);
        for (const auto& table : {operational, missing, unused})
            EXPECT_EQ(set_table(table), StatusCode::kInvalidField);
        AutonomousTransitions hostile;
        std::mt19937_64 random(3);
        for (unsigned i = 0; i < 50; ++i) {
            for (std::uint64_t& word : hostile.state) word = random();
            EXPECT_EQ(set_table(hostile), StatusCode::kInvalidField);
        }
        auto entry_to_bad_memory =
            commands::set_features(FeatureId::kAutonomousPowerStateTransition, 1);
        entry_to_bad_memory.prp1 = 1ull << 50;
        EXPECT_EQ(status(driver.admin(entry_to_bad_memory)), StatusCode::kDataTransferError);
        AutonomousTransitions back;
        ASSERT_TRUE(
            driver
                .admin_read(commands::get_features(FeatureId::kAutonomousPowerStateTransition),
                            &back, sizeof back)
                .ok());
        const AutonomousTransitions usual = usual_table();
        EXPECT_EQ(std::memcmp(&back, &usual, sizeof back), 0);
        AutonomousTransitions reserved = usual;
        for (unsigned state = 0; state < 3; ++state) reserved.state[state] |= 0xFFFF'FFFF'0000'0007;
        EXPECT_EQ(set_table(reserved), StatusCode::kSuccess);
        ASSERT_TRUE(
            driver
                .admin_read(commands::get_features(FeatureId::kAutonomousPowerStateTransition),
                            &back, sizeof back)
                .ok());
        EXPECT_EQ(std::memcmp(&back, &usual, sizeof back), 0) << "what is reserved is not kept";
        operational = {};
        operational.state[0] = entry(0, 1);  // no time: the state does not matter
        EXPECT_EQ(set_table(operational), StatusCode::kSuccess);
        EXPECT_EQ(set_table(usual, false), StatusCode::kSuccess);
        wait_us(200'000);
        EXPECT_EQ(current(), 0u) << "not enabled";
    });
}

TEST_F(PowerStates, IdleStatesCommandsAndResetsAtRandomMomentsLoseNoCommand) {
    std::mt19937_64 random(29);
    simulate(
        [&] {
            for (unsigned round = 0; round < 15; ++round) {
                bring_up(2);
                AutonomousTransitions table{};
                for (unsigned i = 0; i < 5; ++i)
                    if (random() % 3 != 0)
                        table.state[i] = entry(1 + random() % 8, 3 + random() % 2);
                ASSERT_EQ(set_table(table), StatusCode::kSuccess);
                for (unsigned i = 0; i < 20; ++i) {
                    if (random() % 4 == 0) {
                        EXPECT_TRUE(enter(static_cast<std::uint32_t>(random() % 5)).ok());
                    }
                    wait_us(static_cast<double>(random() % 12'000));
                    const auto qid = static_cast<std::uint16_t>(1 + random() % 2);
                    EXPECT_TRUE(driver.flush(1, qid).ok());
                }
                (void)driver.submit(0, commands::set_features(FeatureId::kPowerManagement, 4));
                wait_us(static_cast<double>(random() % 7'000));
                if (random() % 2 == 0) power_cycle(2);
            }
        },
        sc_core::sc_time(200, sc_core::SC_SEC));
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
