// SPDX-License-Identifier: Apache-2.0
// What a controller consumes: the sum of its power states.
#include "models/nvme/state/energy_meter.h"

#include <numeric>
#include <random>

#include "tests/unit/nvme/completion_times.h"

namespace nvme::test {
namespace {
using util::kNever;
using util::kPsPerMs;
using util::kPsPerS;

constexpr const char* kStates =
    "mp=9000,idlp=1000,actp=5000;mp=4000,idlp=500,actp=2500,enlat=10,exlat=20;"
    "mp=100,nops,idlp=5,enlat=100,exlat=200";

TEST(EnergyMeterTest, IsPowerTimesTimeWithoutOverflow) {
    EXPECT_EQ(nanojoules(1, kPsPerUs), 1u);
    EXPECT_EQ(nanojoules(1'000, 1'500), 1u) << "rounded down";
    EXPECT_EQ(nanojoules(25'000, 3 * kPsPerS), 75'000'000'000u);
    EXPECT_EQ(nanojoules(655'350, kNever), 12'089'073'728'705'554'650u);
}

TEST(EnergyMeterTest, WhatIsNotGivenIsTheMostThatItCanBe) {
    EnergyMeter only_mp(parse_power_states("mp=8000").states);
    EXPECT_FALSE(only_mp.known());
    EXPECT_EQ(only_mp.nanojoules(kPsPerS, 0), 8'000'000'000u);
    EnergyMeter active(parse_power_states("mp=8000,actp=6000").states);
    EXPECT_TRUE(active.known());
    EXPECT_EQ(active.nanojoules(kPsPerS, kPsPerS / 2), 6'000'000'000u);
    EnergyMeter idle(parse_power_states("mp=8000,idlp=2000").states);
    EXPECT_EQ(idle.nanojoules(kPsPerS, kPsPerS / 2), 5'000'000'000u);
}

TEST(EnergyMeterTest, ATransitionIsActiveTimeOfTheStateWithMorePower) {
    EnergyMeter meter(parse_power_states(kStates).states);
    meter.change(2, 10 * kPsPerS, 12 * kPsPerS, 4 * kPsPerS);
    EXPECT_EQ(meter.settles_at(), 12 * kPsPerS);
    meter.settle(11 * kPsPerS, 4 * kPsPerS);
    EXPECT_EQ(meter.settles_at(), 12 * kPsPerS);
    meter.settle(12 * kPsPerS, 4 * kPsPerS);
    EXPECT_EQ(meter.settles_at(), kNever);
    const auto spent = meter.states(20 * kPsPerS, 4 * kPsPerS);
    EXPECT_EQ(spent[0].idle, 6 * kPsPerS);
    EXPECT_EQ(spent[0].active, (4 + 2) * kPsPerS);
    EXPECT_EQ(spent[0].nanojoules, (6 * 1 + 6 * 5) * 1'000'000'000ull);
    EXPECT_EQ(spent[1].nanojoules, 0u);
    EXPECT_EQ(spent[2].idle, 8 * kPsPerS);
    EXPECT_EQ(spent[2].nanojoules, 40'000'000u);
    meter.change(0, 20 * kPsPerS, 21 * kPsPerS, 4 * kPsPerS);
    EXPECT_EQ(meter.states(21 * kPsPerS, 4 * kPsPerS)[0].active, (4 + 2 + 1) * kPsPerS);
}

// In any sequence each picosecond with power counts once.
TEST(EnergyMeterTest, TheTimesOfTheStatesAreTheTimeWithPower) {
    std::mt19937_64 random(3);
    EnergyMeter meter(parse_power_states(kStates).states);
    TimePs now = 0, busy = 0, powered_time = 0;
    bool powered = true;
    for (unsigned i = 0; i < 20'000; ++i) {
        const TimePs by = random() % kPsPerMs;
        now += by;
        if (powered) {
            powered_time += by;
            busy += random() % 2 != 0 ? random() % (by + 1) : 0;
        }
        meter.settle(now, busy);
        const auto settled = now + (random() % 2 != 0 ? random() % kPsPerMs : 0);
        if (random() % 3 == 0)
            meter.change(static_cast<unsigned>(random() % 3), now, settled, busy);
        if (random() % 20 == 0) {
            powered ? meter.power_off(now, busy) : meter.power_on(now, busy);
            powered = !powered;
        }
        std::uint64_t sum = 0;
        TimePs time = 0;
        for (const auto& state : meter.states(now, busy)) {
            sum += state.nanojoules;
            time += state.idle + state.active;
        }
        ASSERT_EQ(time, powered_time);
        ASSERT_EQ(sum, meter.nanojoules(now, busy));
    }
}

class EnergyOfStates : public ::testing::Test {
protected:
    static ControllerParams params() {
        ControllerParams p = timed(media::Model::kFixed, 0);
        p.link.latency_ns = 0;
        p.write_cache_bytes = 0;
        p.media.fixed.read_ns = 50'000;
        p.power_states = kStates;
        return p;
    }
    [[nodiscard]] std::vector<EnergyMeter::Spent> spent() const {
        const ControllerState& state = t.h.controller->state();
        return state.energy.states(t.h.clock.now(), state.busy_time());
    }
    void enter(std::uint32_t state) {
        auto set = admin_command(spec::AdminOpcode::kSetFeatures);
        set.cdw10 = static_cast<std::uint32_t>(spec::FeatureId::kPowerManagement);
        set.cdw11 = state;
        ASSERT_EQ(status_of(t.h.admin(set)), spec::StatusCode::kSuccess);
    }
    MediaTime t{params()};
    HostQueue q = t.h.create_queues(1, 64);
};

TEST_F(EnergyOfStates, IsTheSumOfStatesAndOfWhatCommandsDoInThem) {
    const TimePs start = t.h.clock.now();
    (void)completion_times(t, q, {t.command(NvmOpcode::kRead, 0, kBlock)});
    t.h.run_for(kPsPerMs);
    enter(1);  // 10 us
    const auto two = std::vector(2, t.command(NvmOpcode::kRead, 0, kBlock));
    (void)completion_times(t, q, two);  // one unit: one after the other
    t.h.run_for(2 * kPsPerMs);
    enter(2);  // 20 + 100 us
    t.h.run_for(3 * kPsPerMs);
    (void)completion_times(t, q, two);  // 200 + 10 us, then the reads
    const auto by_state = spent();
    EXPECT_EQ(by_state[0].idle, start + kPsPerMs);
    EXPECT_EQ(by_state[0].active, (50 + 10) * kPsPerUs);
    EXPECT_EQ(by_state[1].idle, 2 * kPsPerMs);
    EXPECT_EQ(by_state[1].active, (100 + 120 + 210 + 100) * kPsPerUs);
    EXPECT_EQ(by_state[2].idle, 3 * kPsPerMs);
    EXPECT_EQ(by_state[2].active, 0u);
    const std::uint64_t start_nj = start / kPsPerUs * 1'000;
    EXPECT_EQ(t.h.controller->state().nanojoules(),
              start_nj + 1'000 * 1'000 + 60 * 5'000 +  // microseconds of milliwatts
                  2'000 * 500 + 530 * 2'500 + 3'000 * 5);
}

// Beside the power states: so much for each operation that the media has counted.
TEST(EnergyOfNand, IsThatOfItsOperations) {
    ControllerParams p = timed(media::Model::kNand, 0);
    p.write_cache_bytes = 0;
    p.media.nand.channels = 1;
    p.media.nand.dies = 1;
    p.media.nand.planes = 1;
    p.media.nand.packages = 1;
    p.media.nand.pages = 16;
    p.nand_read_nj = 1'000;
    p.nand_program_nj = 20'000;
    p.nand_erase_nj = 300'000;
    MediaTime t(p, 4 << 20);
    Stream writes(t.h, 1, 32, t.random(NvmOpcode::kWrite));
    while (t.h.subsystem.media_statistics().blocks_erased < 10) t.run({&writes}, 1'000 * kPsPerUs);
    Stream reads(t.h, 2, 4, t.random(NvmOpcode::kRead));
    t.run({&writes, &reads}, 1'000 * kPsPerUs);
    const media::MediaStatistics done = t.h.subsystem.media_statistics();
    EXPECT_GT(done.pages_read, done.stripes_read) << "the collector reads, too";
    const Energy energy = t.h.controller->state().consumed();
    EXPECT_EQ(energy.media_nanojoules, done.pages_read * 1'000 + done.pages_programmed * 20'000 +
                                           done.blocks_erased * 300'000);
    EXPECT_FALSE(energy.states.empty()) << "the maximum power, where nothing else is known";
}

TEST_F(EnergyOfStates, WithoutPowerThereIsNone) {
    (void)completion_times(t, q, {t.command(NvmOpcode::kRead, 0, kBlock)});
    t.h.push(q, t.command(NvmOpcode::kRead, 1, kBlock));
    t.h.ring_tail(q);
    t.h.run_for(20 * kPsPerUs);
    const std::uint64_t before = t.h.controller->state().nanojoules();
    t.h.subsystem.set_power(false);
    t.h.run_for(5 * kPsPerS);
    EXPECT_EQ(t.h.controller->state().nanojoules(), before);
    t.h.subsystem.set_power(true);
    t.h.run_for(kPsPerMs);
    EXPECT_EQ(t.h.controller->state().nanojoules(), before + 1'000 * 1'000) << "idle, state 0";
}

// A reset in the middle of a transition: state 0, at once.
TEST_F(EnergyOfStates, AResetEndsATransition) {
    auto set = admin_command(spec::AdminOpcode::kSetFeatures);
    set.cdw10 = static_cast<std::uint32_t>(spec::FeatureId::kPowerManagement);
    set.cdw11 = 2;
    t.h.push(t.h.admin_queue(), set);
    t.h.ring_tail(t.h.admin_queue());
    t.h.run_for(30 * kPsPerUs);
    const std::uint64_t before = t.h.controller->state().nanojoules();
    t.h.write32(spec::offset::kCc, 0);
    t.h.run_for(kPsPerMs);
    EXPECT_EQ(t.h.controller->state().nanojoules(), before + 1'000 * 1'000);
}

}  // namespace
}  // namespace nvme::test
