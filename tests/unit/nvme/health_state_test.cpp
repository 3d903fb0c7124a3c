// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/health_state.h"

#include <gtest/gtest.h>

#include "models/nvme/ports/health_change.h"
#include "models/nvme/state/async_events.h"
#include "models/nvme/state/keep_alive.h"
#include "models/nvme/state/temperature.h"

namespace nvme::test {
namespace {
using util::kNever;
using util::kPsPerMs;
using util::kPsPerS;

constexpr util::TimePs kMinute = 60 * kPsPerS;

TEST(HealthStateTest, WarningBitsAreThoseOfTheSpecification) {
    EXPECT_EQ(critical_warning({}, false).raw, 0);
    EXPECT_EQ(critical_warning({}, true).raw, 1 << 1);
    HealthState state;
    state.spare_threshold = state.available_spare = 20;
    EXPECT_EQ(critical_warning(state, false).raw, 0) << "below, not at";
    state.available_spare = 19;
    EXPECT_EQ(critical_warning(state, false).raw, 1 << 0);
    state = {};
    state.reliability_degraded = state.media_read_only = true;
    EXPECT_EQ(critical_warning(state, false).raw, 1 << 2 | 1 << 3);
    state = {};
    state.volatile_backup_failed = state.pmr_unreliable = true;
    EXPECT_EQ(critical_warning(state, false).raw, 1 << 4 | 1 << 5);
}

TEST(HealthStateTest, AChangeMovesWhatItGivesAndNothingElse) {
    HealthState before;
    before.composite_kelvin = 290;
    before.sensor_kelvin.fill(280);
    before.available_spare = 55;
    before.reliability_degraded = true;
    HealthChange change;
    change.reliability_degraded = false;
    change.percentage_used = 7;
    HealthState after = changed(before, change);
    EXPECT_EQ(after.composite_kelvin, 290);
    EXPECT_EQ(after.sensor_kelvin, before.sensor_kelvin);
    EXPECT_EQ(after.available_spare, 55);
    EXPECT_EQ(after.percentage_used, 7);
    EXPECT_FALSE(after.reliability_degraded);
    change = {};
    change.temperature = 333;
    after = changed(before, change);
    EXPECT_EQ(after.composite_kelvin, 333);
    for (const std::uint16_t kelvin : after.sensor_kelvin) EXPECT_EQ(kelvin, 333);
    EXPECT_TRUE(after.reliability_degraded);
}

TEST(TemperatureTimesTest, RangesAreHalfOpenAndTimesAreWholeMinutes) {
    TemperatureTimes times(340, 350);
    times.update(0, 339);
    times.update(kMinute, 340);
    EXPECT_EQ(times.warning_minutes(2 * kMinute - 1), 0u);
    EXPECT_EQ(times.warning_minutes(2 * kMinute), 1u);
    times.update(3 * kMinute, 349);
    times.update(4 * kMinute, 350);
    times.update(9 * kMinute, 0);
    EXPECT_EQ(times.warning_minutes(100 * kMinute), 3u);
    EXPECT_EQ(times.critical_minutes(100 * kMinute), 5u);
}

TEST(KeepAliveTest, DeadlineFollowsTimeoutAndRestart) {
    KeepAlive timer(1);
    EXPECT_EQ(timer.deadline(), kNever);
    timer.set_timeout(250, 7);
    EXPECT_EQ(timer.deadline(), 300 * kPsPerMs + 7);
    timer.restart(1000);
    EXPECT_EQ(timer.deadline(), 300 * kPsPerMs + 1000);
    timer.set_timeout(0, 2000);
    EXPECT_EQ(timer.deadline(), kNever);
    timer.set_timeout(0xffff'ffff, kNever - 1);
    EXPECT_EQ(timer.deadline(), kNever) << "beyond the end of time";
    timer.stop();
    EXPECT_EQ(timer.deadline(), kNever);
}

TEST(KeepAliveTest, LargestTimeoutIsTheLargestMultipleThatFits) {
    constexpr std::uint16_t kGranularities[] = {1, 2, 7, 1000, 65535};
    for (const std::uint16_t granularity : kGranularities) {
        const std::uint64_t unit = granularity * 100u;
        EXPECT_EQ(KeepAlive::rounded(0xffff'ffff, granularity), 0xffff'ffffull / unit * unit);
        EXPECT_EQ(KeepAlive::rounded(1, granularity), unit);
        EXPECT_EQ(KeepAlive::rounded(0, granularity), 0u);
    }
}

/// Health events without anything around them.
class HealthEventQueue : public testing::Test {
protected:
    HealthEventQueue() {
        events.set_config(0xff);
        for (std::uint16_t cid = 0; cid < 8; ++cid) EXPECT_TRUE(events.add_request(cid));
    }
    void warn(unsigned bits) { events.set_critical_warning(spec::CriticalWarning::from(bits)); }
    /// Event information of the next event; -1: none.
    int next() {
        const auto completion = events.next();
        return completion ? static_cast<int>(completion->dw0 >> 8 & 0xff) : -1;
    }
    void read_log() { events.log_read(spec::LogId::kSmartHealth); }
    AsyncEvents events{8};
};

TEST_F(HealthEventQueue, BitsThatAnswerAlikeAreToldOfTogether) {
    warn(1 << 2 | 1 << 3 | 1 << 4);
    EXPECT_EQ(next(), 0);
    EXPECT_EQ(next(), -1);
    read_log();
    EXPECT_EQ(next(), 0) << "they last";
    warn(0);
    read_log();
    EXPECT_EQ(next(), -1);
}

TEST_F(HealthEventQueue, ABitThatFellAndRoseAgainIsNewsOnceTheTypeIsUnmasked) {
    warn(1 << 1);
    EXPECT_EQ(next(), 1);
    warn(0);
    warn(1 << 1);
    EXPECT_EQ(next(), -1) << "masked";
    read_log();
    EXPECT_EQ(next(), 1);
}

TEST_F(HealthEventQueue, BitsTheHostDoesNotWantAreNoEvents) {
    events.set_config(0);
    warn(0x3f);
    EXPECT_EQ(next(), -1);
    events.set_config(1 << 0);
    EXPECT_EQ(next(), 2);
    read_log();
    events.set_config(0);
    EXPECT_EQ(next(), -1) << "taken back before it was told";
}

TEST_F(HealthEventQueue, AResetForgetsWhatWasToBeTold) {
    warn(1 << 0);
    events.reset();
    ASSERT_TRUE(events.add_request(1));
    EXPECT_EQ(next(), -1);
    warn(1 << 0);
    EXPECT_EQ(next(), 2) << "new to the host that enables the controller";
}

}  // namespace
}  // namespace nvme::test
