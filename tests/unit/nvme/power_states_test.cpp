// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/params/power_states.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "models/nvme/state/power_manager.h"

namespace nvme::test {
namespace {
using util::kNever;
using util::kPsPerMs;
using util::kPsPerUs;

TEST(PowerTableTest, ReadsWhatIsWritten) {
    const PowerTable table =
        parse_power_states("mp=25000 ; mp=4000,enlat=10,exlat=20,rrt=1 ;mp=40,nops,idlp=30");
    ASSERT_TRUE(table.problems.empty());
    ASSERT_EQ(table.states.size(), 3u);
    EXPECT_EQ(table.states[0].max_power_mw, 25000u);
    EXPECT_EQ(table.states[1].entry_us, 10u);
    EXPECT_EQ(table.states[1].exit_us, 20u);
    EXPECT_EQ(table.states[1].read_throughput, 1u);
    EXPECT_FALSE(table.states[1].non_operational);
    EXPECT_TRUE(table.states[2].non_operational);
    EXPECT_EQ(table.states[2].idle_power_mw, 30u);
}

TEST(PowerTableTest, ReadsWhatAStateConsumesAndLetsThrough) {
    const PowerTable table =
        parse_power_states("mp=9000,actp=8000,rmax=7000,wmax=4000;mp=5000,actp=4000,apw=1");
    ASSERT_TRUE(table.problems.empty());
    EXPECT_EQ(table.states[0].active_power_mw, 8000u);
    EXPECT_EQ(table.states[0].workload, 2u) << "heavy sequential writes";
    EXPECT_EQ(table.states[0].most_read_mb_s, 7000u);
    EXPECT_EQ(table.states[0].most_write_mb_s, 4000u);
    EXPECT_EQ(table.states[1].workload, 1u);
    EXPECT_EQ(table.states[1].most_read_mb_s, 0u);
}

TEST(PowerTableTest, EachMistakeIsNamed) {
    const auto expect_problem = [](const char* text, const char* part) {
        const PowerTable table = parse_power_states(text);
        EXPECT_TRUE(table.states.empty()) << text;
        ASSERT_FALSE(table.problems.empty()) << text;
        EXPECT_NE(table.problems.front().find(part), std::string::npos)
            << text << ": " << table.problems.front();
    };
    expect_problem("", "state 0: mp must be given");
    expect_problem("mp=0", "mp must be given");
    expect_problem("mp=10;enlat=5", "state 1: mp must be given");
    expect_problem("mp=10;mp=20", "state 1: mp must not exceed");
    expect_problem("mp=10,nops", "state 0 must be operational");
    expect_problem("mp=10,speed=3", "speed=3: must be mp");
    expect_problem("mp=abc", "mp=abc: must be 0 to 655350");
    expect_problem("mp=655351", "must be 0 to 655350");
    expect_problem("mp=10,enlat=10000001", "must be 0 to 10000000");
    expect_problem("mp=10,enlat=", "must be 0 to 10000000");
    expect_problem("mp=10,actp=11", "actp must not exceed mp");
    expect_problem("mp=10,apw=0", "apw must be 1 or 2");
    expect_problem("mp=10,apw=3", "must be 0 to 2");
    expect_problem("mp=10,rmax=10000001", "must be 0 to 10000000");
    expect_problem("mp=10,wmax=-1", "must be 0 to 10000000");
    expect_problem("mp=10,rrt=1", "less than the number of states");
    std::string many = "mp=1";
    for (unsigned i = 0; i < 32; ++i) many += ";mp=1";
    expect_problem(many.c_str(), "1 to 32 states");
    EXPECT_EQ(parse_power_states("mp=5,nops;mp=9;x").problems.size(), 4u) << "all at once";
}

TEST(PowerDescriptorTest, ChoosesTheScaleThatKeepsTheValue) {
    PowerState state;
    state.max_power_mw = 25'000;
    EXPECT_EQ(describe(state).mp, 2500u);
    EXPECT_EQ(describe(state).flags, 0u);
    EXPECT_EQ(describe(state).ips, 0u) << "not reported";
    state.max_power_mw = 6'553;
    EXPECT_EQ(describe(state).mp, 65'530u);
    EXPECT_EQ(describe(state).flags, 1u);
    state.max_power_mw = 655'350;
    EXPECT_EQ(describe(state).mp, 65'535u);
    state.non_operational = true;
    EXPECT_EQ(describe(state).flags, 2u);
    EXPECT_EQ(describe(state).actp, 0u);
    EXPECT_EQ(describe(state).apws, 0u) << "no workload without a power";
    state.active_power_mw = 4'500;
    EXPECT_EQ(describe(state).actp, 450u);
    EXPECT_EQ(describe(state).apws, 2u << 6 | 2u) << "units of 0.01 W, workload 2";
    state.active_power_mw = 45;
    state.workload = 1;
    EXPECT_EQ(describe(state).actp, 450u);
    EXPECT_EQ(describe(state).apws, 1u << 6 | 1u) << "units of 0.0001 W, workload 1";
}

class PowerManagerTest : public testing::Test {
protected:
    static constexpr std::uint64_t entry(std::uint64_t ms, std::uint64_t state) {
        return ms << 8 | state << 3;
    }
    PowerManager power{
        parse_power_states("mp=9;mp=8,enlat=1,exlat=2;mp=2,nops,enlat=10,exlat=20").states};
};

TEST_F(PowerManagerTest, ATransitionBeginsWhenTheOneBeforeHasEnded) {
    EXPECT_EQ(power.enter(2, 0), 10 * kPsPerUs);
    EXPECT_EQ(power.io_from(), kNever);
    power.io_arrived(3 * kPsPerUs);
    EXPECT_EQ(power.current(), 0u);
    EXPECT_EQ(power.io_from(), (10 + 20) * kPsPerUs);
    EXPECT_EQ(power.enter(1, 4 * kPsPerUs), (30 + 1) * kPsPerUs);
    EXPECT_EQ(power.io_from(), 30 * kPsPerUs) << "between operational states I/O goes on";
}

TEST_F(PowerManagerTest, ATableThatLeadsInACircleMovesOnceInEachIdleTime) {
    spec::AutonomousTransitions table{};
    table.state[0] = table.state[2] = entry(1, 2);
    ASSERT_TRUE(power.set_transitions(table, true, 0));
    EXPECT_EQ(power.step(0, 0), kPsPerMs);
    const auto next = power.step(kPsPerMs, 0);
    EXPECT_EQ(power.current(), 2u);
    EXPECT_EQ(next, 2 * kPsPerMs + 10 * kPsPerUs);
    EXPECT_EQ(power.step(next, 0), next + kPsPerMs) << "to itself: an idle time later again";
    EXPECT_EQ(power.step(next, std::nullopt), kNever) << "not idle";
}

TEST_F(PowerManagerTest, AnyTableAndAnySequenceKeepsTheStateAStateThereIs) {
    std::mt19937_64 random(5);
    util::TimePs now = 0;
    for (unsigned i = 0; i < 50'000; ++i) {
        spec::AutonomousTransitions table{};
        for (unsigned s = 0; s < 3 + random() % 2; ++s) table.state[s] = random() % (8 << 8);
        (void)power.set_transitions(table, random() % 2 != 0, now);
        now += random() % (2 * kPsPerMs);
        if (random() % 3 == 0) power.io_arrived(now);
        if (random() % 5 == 0) power.enter(static_cast<unsigned>(random() % 3), now);
        ASSERT_GT(power.step(now, now - random() % (now + 1)), now);
        ASSERT_LT(power.current(), 3u);
        if (random() % 50 == 0) power.reset(now);
        ASSERT_EQ(power.non_operational(), power.current() == 2);
    }
}

}  // namespace
}  // namespace nvme::test
