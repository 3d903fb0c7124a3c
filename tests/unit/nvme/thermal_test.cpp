// SPDX-License-Identifier: Apache-2.0
// The temperature follows the power: a system of first order, against its closed form.
#include "models/nvme/subsystem/thermal.h"

#include <cmath>

#include "tests/unit/nvme/completion_times.h"

namespace nvme::test {
namespace {
using util::kNever;
using util::kPsPerMs;
using util::kPsPerS;

/// 10 K/W in 20 s.
SubsystemParams heated() {
    SubsystemParams p;
    p.thermal_resistance = 10'000;
    p.thermal_time_constant_ms = 20'000;
    p.ambient_temperature = 300;
    p.temperature = 300;
    return p;
}

/// Nanojoules of `watts` until `t`.
std::uint64_t energy(double watts, TimePs t) {
    return static_cast<std::uint64_t>(watts * static_cast<double>(t) / 1e3);
}

TEST(ThermalTest, IsOffByDefault) {
    Thermal thermal{SubsystemParams{}};
    EXPECT_FALSE(thermal.on());
    EXPECT_EQ(thermal.kelvin(), 310);
}

TEST(ThermalTest, FollowsTheClosedForm) {
    Thermal thermal(heated());
    const TimePs step = thermal.next();
    EXPECT_EQ(step, 20 * kPsPerS / 250);
    for (TimePs t = step; t < 200 * kPsPerS; t += step) {
        EXPECT_EQ(thermal.next(), t);
        (void)thermal.advance(t, energy(6, t), false);
        const double exact = 300 + 60 * (1 - std::exp(-static_cast<double>(t) / 20e12));
        ASSERT_NEAR(thermal.kelvin(), exact, 0.51) << t;
    }
    EXPECT_EQ(thermal.kelvin(), 360);
}

TEST(ThermalTest, CoolsAsItHasHeated) {
    SubsystemParams p = heated();
    p.temperature = 360;
    Thermal thermal(p);
    const TimePs tau = 20 * kPsPerS;
    EXPECT_TRUE(thermal.advance(tau, 0, false));
    EXPECT_EQ(thermal.kelvin(), 322) << "300 + 60 / e = 322.07";
    EXPECT_TRUE(thermal.advance(2 * tau, 0, false));
    EXPECT_EQ(thermal.kelvin(), 308) << "300 + 60 / e^2 = 308.12";
}

TEST(ThermalTest, AGapIsAsGoodAsItsStepsAndSleepsWhenNothingMoves) {
    Thermal one(heated()), many(heated());
    const TimePs step = one.next();
    for (unsigned i = 1; i <= 100; ++i) (void)many.advance(i * step, energy(4, i * step), false);
    (void)one.advance(100 * step, energy(4, 100 * step), false);
    EXPECT_EQ(one.kelvin(), many.kelvin());
    EXPECT_FALSE(one.asleep());
    const TimePs late = 100'000 * kPsPerS;
    (void)one.advance(late, energy(4, late), true);
    EXPECT_EQ(one.kelvin(), 340);
    for (TimePs t = late + step; !one.asleep(); t += step) {
        ASSERT_LT(t, late + 10 * step);
        (void)one.advance(t, energy(4, t), true);
    }
    EXPECT_EQ(one.next(), kNever);
    one.wake_up();
    EXPECT_NE(one.next(), kNever);
    one.set(320);
    EXPECT_EQ(one.kelvin(), 320);
}

// A longer time than half of what there is, with the most power that can be.
TEST(ThermalTest, ArithmeticHoldsAtTheLimits) {
    SubsystemParams p = heated();
    p.thermal_resistance = 100'000;
    p.thermal_time_constant_ms = 1'000'000;
    Thermal slow(p);
    (void)slow.advance(1ull << 63, 655'350ull * ((1ull << 63) / kPsPerUs), false);
    EXPECT_EQ(slow.kelvin(), 2'000);
    p.thermal_time_constant_ms = 1;
    Thermal fast(p);
    (void)fast.advance(kPsPerMs, 655'350ull * 1'000, false);
    EXPECT_EQ(fast.kelvin(), 1'375) << "2000 - 1700 / e = 1374.6";
}

class Warm : public ::testing::Test {
protected:
    static ControllerParams params() {
        ControllerParams p = timed(media::Model::kFixed, 0);
        p.link.latency_ns = 0;
        p.power_states = "mp=9000,idlp=1000,actp=5000;mp=100,nops,idlp=5";
        p.thermal_resistance = 10'000;
        p.thermal_time_constant_ms = 10;
        p.ambient_temperature = p.temperature = 300;
        p.warning_temperature = 345;
        return p;
    }
    std::uint16_t kelvin() {
        const spec::SmartLog log = t.h.controller->smart();
        EXPECT_EQ(log.temperature_sensor[0], t.h.subsystem.health().composite_kelvin);
        return static_cast<std::uint16_t>(log.composite_temperature[0] |
                                          log.composite_temperature[1] << 8);
    }
    void run(Stream& stream, TimePs duration) {
        const TimePs end = t.h.clock.now() + duration;
        while (t.h.clock.now() < end) {
            (void)stream.turn();
            t.h.run_for(5 * kPsPerUs);
        }
    }
    MediaTime t{params()};
};

TEST_F(Warm, AnIdleDriveIsAsWarmAsItsIdlePowerMakesIt) {
    t.h.settle();  // it comes to rest, although time could go on for ever
    EXPECT_EQ(kelvin(), 310);
    EXPECT_LT(t.h.clock.now(), kPsPerS);
    EXPECT_TRUE(t.h.subsystem.sleeps());
}

TEST_F(Warm, CommandsHeatItAsTheClosedFormSaysAndItCoolsAgain) {
    t.h.settle();
    Stream reads(t.h, 1, 32, t.random(NvmOpcode::kRead));
    t.h.settle();
    ASSERT_EQ(kelvin(), 310);
    run(reads, 10 * kPsPerMs);
    EXPECT_NEAR(kelvin(), 310 + 40 * (1 - std::exp(-1.0)), 1) << "one time constant";
    run(reads, 10 * kPsPerMs);
    EXPECT_NEAR(kelvin(), 310 + 40 * (1 - std::exp(-2.0)), 1) << "two";
    run(reads, 80 * kPsPerMs);
    EXPECT_EQ(kelvin(), 350);
    EXPECT_EQ(t.h.controller->smart().critical_warning, 1u << 1) << "above WCTEMP";
    reads.stopped = true;
    run(reads, kPsPerMs);
    t.h.settle();
    EXPECT_EQ(kelvin(), 310);
    EXPECT_EQ(t.h.controller->smart().critical_warning, 0u);
}

// Idle power is power too.
TEST_F(Warm, AnotherPowerStateWakesASleepingTemperature) {
    t.h.settle();
    ASSERT_TRUE(t.h.subsystem.sleeps());
    auto set = admin_command(spec::AdminOpcode::kSetFeatures);
    set.cdw10 = static_cast<std::uint32_t>(spec::FeatureId::kPowerManagement);
    set.cdw11 = 1;
    EXPECT_EQ(status_of(t.h.admin(set)), spec::StatusCode::kSuccess);
    t.h.settle();
    EXPECT_EQ(kelvin(), 300);
    t.h.subsystem.set_power(false);
    t.h.run_for(kPsPerS);
    EXPECT_EQ(t.h.subsystem.health().composite_kelvin, 300);
}

TEST_F(Warm, WhatThePlatformSaysOfTheTemperatureFadesAway) {
    t.h.settle();
    HealthState hot = t.h.subsystem.health();
    hot.composite_kelvin = 390;
    EXPECT_EQ(t.h.subsystem.set_health(hot), "");
    EXPECT_EQ(t.h.subsystem.health().composite_kelvin, 390);
    t.h.run_for(10 * kPsPerMs);
    EXPECT_NEAR(kelvin(), 310 + 80 * std::exp(-1.0), 1);
    t.h.settle();
    EXPECT_EQ(kelvin(), 310);
}

}  // namespace
}  // namespace nvme::test
