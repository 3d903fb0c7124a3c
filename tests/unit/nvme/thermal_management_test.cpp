// SPDX-License-Identifier: Apache-2.0
// Host Controlled Thermal Management: what a host may set, and what it does.
#include "models/nvme/state/thermal_management.h"

#include <random>

#include "tests/unit/nvme/completion_times.h"

namespace nvme::test {
namespace {
using Level = ThermalManagement::Level;
using spec::StatusCode;
using util::kPsPerMs;
using util::kPsPerS;

TEST(ThermalManagementTest, ThresholdsAreEnteredAtThemAndLeftBelowTheHysteresis) {
    ThermalManagement heat(3);
    const ThermalThresholds at{340, 350};
    EXPECT_EQ(heat.update(0, 339, at), Level::kNone);
    EXPECT_EQ(heat.update(1 * kPsPerS, 340, at), Level::kLight);
    EXPECT_EQ(heat.update(2 * kPsPerS, 337, at), Level::kLight);
    EXPECT_EQ(heat.update(3 * kPsPerS, 350, at), Level::kHeavy);
    EXPECT_EQ(heat.update(5 * kPsPerS, 347, at), Level::kHeavy);
    EXPECT_EQ(heat.update(6 * kPsPerS, 346, at), Level::kLight);
    EXPECT_EQ(heat.update(8 * kPsPerS, 336, at), Level::kNone);
    EXPECT_EQ(heat.update(9 * kPsPerS, 400, at), Level::kHeavy);
    EXPECT_EQ(heat.transitions(Level::kLight), 1u) << "upwards only";
    EXPECT_EQ(heat.transitions(Level::kHeavy), 2u);
    EXPECT_EQ(heat.seconds(Level::kLight, 9 * kPsPerS), 4u);
    EXPECT_EQ(heat.seconds(Level::kHeavy, 20 * kPsPerS), 3u + 11u);
    EXPECT_EQ(heat.update(20 * kPsPerS, 400, {340, 0}), Level::kLight) << "no TMT2";
    EXPECT_EQ(heat.update(20 * kPsPerS, 0, at), Level::kNone) << "no power";
    EXPECT_EQ(heat.update(21 * kPsPerS, 400, {}), Level::kNone) << "nothing is set";
}

class Hctm : public ::testing::Test {
protected:
    /// 10 W until TMT1, then 6 W and a tenth of the throughput, then 2 W and a hundredth.
    static ControllerParams params() {
        ControllerParams p = timed(media::Model::kNone, 0);
        p.link.latency_ns = 0;
        p.power_states =
            "mp=10000,idlp=600,actp=10000,wmax=1000;mp=6000,idlp=600,actp=6000,wmax=100;"
            "mp=2000,idlp=600,actp=2000,wmax=10";
        p.hctm_min_temperature = 300;
        p.hctm_max_temperature = 360;
        p.hctm_light_state = 1;
        p.hctm_heavy_state = 2;
        p.hctm_hysteresis = 3;
        return p;
    }
    static ControllerParams heated_params() {
        ControllerParams p = params();
        p.thermal_resistance = 5'000;
        p.thermal_time_constant_ms = 20;
        p.ambient_temperature = p.temperature = 298;
        return p;
    }
    static std::uint32_t thresholds(std::uint32_t tmt1, std::uint32_t tmt2) {
        return tmt1 << 16 | tmt2;
    }
    static spec::CompletionEntry set(CoreHarness& h, std::uint32_t cdw11, bool save = false) {
        auto sqe = admin_command(spec::AdminOpcode::kSetFeatures);
        sqe.cdw10 = 0x10 | (save ? 1u << 31 : 0);
        sqe.cdw11 = cdw11;
        return h.admin(sqe);
    }
    static std::uint32_t get(CoreHarness& h, std::uint32_t fid = 0x10) {
        auto sqe = admin_command(spec::AdminOpcode::kGetFeatures);
        sqe.cdw10 = fid;
        return h.admin(sqe).dw0;
    }
    static void heat(CoreHarness& h, std::uint16_t kelvin) {
        HealthState health = h.subsystem.health();
        health.composite_kelvin = kelvin;
        ASSERT_EQ(h.subsystem.set_health(health), "");
        h.settle();
    }
    static spec::IdentifyController identify(CoreHarness& h) {
        auto sqe = admin_command(spec::AdminOpcode::kIdentify);
        sqe.cdw10 = 1;
        sqe.prp1 = h.alloc(4096);
        EXPECT_EQ(status_of(h.admin(sqe)), StatusCode::kSuccess);
        return h.memory.get<spec::IdentifyController>(sqe.prp1);
    }
    /// Megabytes of writes a second.
    static double write(MediaTime& t, Stream& writes, TimePs duration, std::uint32_t bytes) {
        const unsigned before = writes.done;
        const TimePs start = t.h.clock.now();
        while (t.h.clock.now() < start + duration) {
            (void)writes.turn();
            t.h.run_for(10 * kPsPerUs);
        }
        return static_cast<double>(writes.done - before) * bytes /
               (static_cast<double>(duration) / 1e6);
    }
};

TEST_F(Hctm, AControllerWithoutItHasNoFeatureAndNoTemperatures) {
    CoreHarness h;
    h.enable();
    EXPECT_EQ(status_of(set(h, thresholds(310, 320))), StatusCode::kInvalidField);
    EXPECT_EQ(identify(h).hctma, 0);
    EXPECT_EQ(identify(h).mntmt, 0);
    EXPECT_EQ(identify(h).mxtmt, 0);
}

TEST_F(Hctm, IdentifySaysWhatMayBeSetAndNothingElseCan) {
    CoreHarness h(params());
    h.enable();
    EXPECT_EQ(identify(h).hctma, 1);
    EXPECT_EQ(identify(h).mntmt, 300);
    EXPECT_EQ(identify(h).mxtmt, 360);
    EXPECT_EQ(get(h), 0u) << "nothing by default";
    struct {
        std::uint32_t tmt1, tmt2;
        bool good;
    } const cases[] = {{300, 360, true},  {359, 360, true},   {0, 0, true},      {0, 300, true},
                       {360, 0, true},    {299, 0, false},    {0, 299, false},   {361, 0, false},
                       {0, 361, false},   {320, 320, false},  {330, 320, false}, {1, 1, false},
                       {65535, 0, false}, {300, 65535, false}};
    std::uint32_t kept = 0;
    for (const auto& c : cases) {
        const auto cqe = set(h, thresholds(c.tmt1, c.tmt2));
        EXPECT_EQ(status_of(cqe), c.good ? StatusCode::kSuccess : StatusCode::kInvalidField)
            << c.tmt1 << ' ' << c.tmt2;
        if (c.good) kept = thresholds(c.tmt1, c.tmt2);
        EXPECT_EQ(get(h), kept);
    }
}

TEST_F(Hctm, SavedThresholdsSurviveAResetAndOthersDoNot) {
    CoreHarness h(params());
    h.enable();
    EXPECT_EQ(status_of(set(h, thresholds(310, 320), true)), StatusCode::kSuccess);
    EXPECT_EQ(status_of(set(h, thresholds(330, 340))), StatusCode::kSuccess);
    h.disable();
    h.enable();
    EXPECT_EQ(get(h), thresholds(310, 320));
    EXPECT_EQ(get(h, 2), 1u) << "310 K, as it is: the light state";
}

TEST_F(Hctm, ThresholdsOfTheParametersHoldUntilAHostSetsOthers) {
    ControllerParams p = params();
    p.hctm_light_temperature = 310;
    p.hctm_heavy_temperature = 330;
    CoreHarness h(p);
    h.enable();
    EXPECT_EQ(get(h), thresholds(310, 330));
    EXPECT_EQ(get(h, 2), 1u) << "it is 310 K warm";
    EXPECT_EQ(status_of(set(h, thresholds(320, 330))), StatusCode::kSuccess);
    EXPECT_EQ(get(h, 2), 0u);
}

TEST_F(Hctm, ThePowerStateFollowsTheTemperatureAndTheHostsChoiceComesBack) {
    CoreHarness h(params());
    h.enable();
    EXPECT_EQ(status_of(set(h, thresholds(330, 350))), StatusCode::kSuccess);
    const auto state_at = [&](std::uint16_t kelvin) {
        heat(h, kelvin);
        return get(h, 2);
    };
    EXPECT_EQ(state_at(329), 0u);
    EXPECT_EQ(state_at(330), 1u);
    EXPECT_EQ(state_at(350), 2u);
    EXPECT_EQ(state_at(347), 2u);
    EXPECT_EQ(state_at(346), 1u);
    auto sqe = admin_command(spec::AdminOpcode::kSetFeatures);
    sqe.cdw10 = 2;
    sqe.cdw11 = 2;
    EXPECT_EQ(status_of(h.admin(sqe)), StatusCode::kSuccess);
    EXPECT_EQ(get(h, 2), 2u) << "less power than throttling asks for";
    EXPECT_EQ(state_at(320), 2u);
    const spec::SmartLog log = h.controller->smart();
    EXPECT_EQ(log.tmt1_transitions, 1u);
    EXPECT_EQ(log.tmt2_transitions, 1u);
    sqe.cdw11 = 0;
    EXPECT_EQ(status_of(h.admin(sqe)), StatusCode::kSuccess);
    EXPECT_EQ(state_at(340), 1u);
    EXPECT_EQ(status_of(set(h, 0)), StatusCode::kSuccess);
    EXPECT_EQ(get(h, 2), 0u) << "no thresholds any more";
}

TEST_F(Hctm, WhateverAHostSetsAtWhateverTemperatureTheStateIsOneThereIs) {
    CoreHarness h(params());
    h.enable();
    std::mt19937_64 random(7);
    for (unsigned i = 0; i < 3'000; ++i) {
        const auto field = [&]() -> std::uint32_t {
            if (random() % 5 == 0) return 0;
            return static_cast<std::uint32_t>(random() % 4 == 0 ? random() & 0xffff
                                                                : 295 + random() % 70);
        };
        const std::uint32_t asked = thresholds(field(), field());
        const StatusCode status = status_of(set(h, asked, random() % 8 == 0));
        ASSERT_TRUE(status == StatusCode::kSuccess || status == StatusCode::kInvalidField);
        if (status == StatusCode::kSuccess) {
            ASSERT_EQ(get(h), asked);
        }
        if (random() % 2 == 0)
            heat(h, random() % 4 == 0 ? static_cast<std::uint16_t>(1 + random() % 0xffff)
                                      : static_cast<std::uint16_t>(295 + random() % 70));
        ASSERT_LT(get(h, 2), 3u);
        if (random() % 100 == 0) {
            h.disable();
            h.enable();
        }
    }
    h.add_namespace(1, 1 << 20);
    h.expect_service(1);
}

// 298 K + 5 K/W * 10 W would be 348 K. At TMT1 the drive goes to 6 W, with which it settles at 328.
TEST_F(Hctm, SustainedWritesHeatTheDriveUntilThrottlingHoldsIt) {
    MediaTime t(heated_params());
    EXPECT_EQ(status_of(set(t.h, thresholds(326, 340))), StatusCode::kSuccess);
    constexpr std::uint32_t kBytes = 131072;
    const auto sqe = t.command(NvmOpcode::kWrite, 0, kBytes);
    Stream writes(t.h, 1, 8, [&](unsigned) { return sqe; });
    t.h.settle();
    EXPECT_EQ(t.h.subsystem.health().composite_kelvin, 301) << "298 + 3: idle";
    EXPECT_NEAR(write(t, writes, 10 * kPsPerMs, kBytes), 1'000, 20) << "cold";
    // 301 + 47 * (1 - exp(-t / tau)) = 325.5: after 0.737 time constants of 20 ms.
    EXPECT_NEAR(write(t, writes, 4 * kPsPerMs, kBytes), 1'000, 40);
    EXPECT_EQ(t.h.controller->smart().tmt1_transitions, 0u);
    (void)write(t, writes, 2 * kPsPerMs, kBytes);
    EXPECT_EQ(t.h.controller->smart().tmt1_transitions, 1u);
    (void)write(t, writes, 200 * kPsPerMs, kBytes);
    EXPECT_NEAR(write(t, writes, 100 * kPsPerMs, kBytes), 100, 2) << "throttled";
    EXPECT_EQ(t.h.subsystem.health().composite_kelvin, 328) << "298 + 5 * 6";
    EXPECT_EQ(t.h.controller->smart().tmt1_transitions, 1u);
    EXPECT_EQ(t.h.controller->smart().tmt2_transitions, 0u);
    writes.stopped = true;
    t.h.settle();
    EXPECT_EQ(t.h.subsystem.health().composite_kelvin, 301);
    EXPECT_EQ(get(t.h, 2), 0u) << "cold again, and as fast as before";
}

// Where the light state cools the drive below TMT1, it comes and goes within the hysteresis.
TEST_F(Hctm, TheTemperatureStaysBetweenTheThresholdAndTheHysteresis) {
    ControllerParams p = heated_params();
    p.power_states =
        "mp=10000,idlp=600,actp=10000,wmax=1000;mp=2000,idlp=600,actp=2000,wmax=100;mp=1000";
    MediaTime t(p);
    EXPECT_EQ(status_of(set(t.h, thresholds(326, 0))), StatusCode::kSuccess);
    const auto sqe = t.command(NvmOpcode::kWrite, 0, 131072);
    Stream writes(t.h, 1, 8, [&](unsigned) { return sqe; });
    (void)write(t, writes, 60 * kPsPerMs, 131072);
    for (unsigned i = 0; i < 100; ++i) {
        (void)write(t, writes, kPsPerMs, 131072);
        ASSERT_GE(t.h.subsystem.health().composite_kelvin, 322);
        ASSERT_LE(t.h.subsystem.health().composite_kelvin, 327);
    }
    EXPECT_GT(t.h.controller->smart().tmt1_transitions, 5u);
}

TEST_F(Hctm, TotalTimesAreInSeconds) {
    CoreHarness h(params());
    h.enable();
    EXPECT_EQ(status_of(set(h, thresholds(330, 350))), StatusCode::kSuccess);
    heat(h, 335);
    h.run_for(7 * kPsPerS);
    heat(h, 355);
    h.run_for(9 * kPsPerS);
    h.subsystem.set_power(false);
    h.run_for(100 * kPsPerS);
    const spec::SmartLog log = h.controller->smart();
    EXPECT_EQ(log.tmt1_time, 7u);
    EXPECT_EQ(log.tmt2_time, 9u) << "none without power";
}

}  // namespace
}  // namespace nvme::test
