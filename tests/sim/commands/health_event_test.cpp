// SPDX-License-Identifier: Apache-2.0
// The health state, as a host learns of it: Critical Warning, SMART / health events, thresholds.
#include <random>
#include <vector>

#include "tests/sim/commands/events_fixture.h"

namespace nvme::test {
namespace {

using spec::AsyncSmartInfo;
using spec::FeatureId;

class HealthEvents : public EventsTest {
protected:
    using EventsTest::EventsTest;

    void set_threshold(std::uint32_t sensor, bool under, std::uint32_t kelvin) {
        EXPECT_TRUE(driver
                        .set_features(FeatureId::kTemperatureThreshold,
                                      (under ? 1u : 0u) << 20 | sensor << 16 | kelvin)
                        .ok());
    }
    void heat(std::uint16_t kelvin) {
        move_health([&](HealthState& h) { h.composite_kelvin = kelvin; });
    }
    void wants(std::uint32_t critical_warnings) {
        EXPECT_TRUE(driver.set_features(FeatureId::kAsyncEventConfig, critical_warnings).ok());
    }
};

TEST_F(HealthEvents, EachConditionHasItsBitAndItsEvent) {
    struct Case {
        void (*change)(HealthState&);
        unsigned bit;
        AsyncSmartInfo info;
    };
    const Case cases[] = {
        {[](HealthState& h) { h.available_spare = 9; }, 0, AsyncSmartInfo::kSpareBelowThreshold},
        {[](HealthState& h) { h.composite_kelvin = 343; }, 1,
         AsyncSmartInfo::kTemperatureThreshold},
        {[](HealthState& h) { h.reliability_degraded = true; }, 2,
         AsyncSmartInfo::kSubsystemReliability},
        {[](HealthState& h) { h.media_read_only = true; }, 3,
         AsyncSmartInfo::kSubsystemReliability},
        {[](HealthState& h) { h.volatile_backup_failed = true; }, 4,
         AsyncSmartInfo::kSubsystemReliability},
        {[](HealthState& h) { h.pmr_unreliable = true; }, 5, AsyncSmartInfo::kSubsystemReliability},
    };
    simulate([&] {
        bring_up();
        for (const Case& c : cases) {
            SCOPED_TRACE(c.bit);
            wants(0xFF);
            const Ticket ticket = request();
            EXPECT_FALSE(arrives(ticket));
            move_health(c.change);
            expect_health(ticket, c.info);
            EXPECT_EQ(smart(true).critical_warning, 1u << c.bit);
            EXPECT_EQ(controller.set_health({}), "");
            EXPECT_EQ(smart().critical_warning, 0);
        }
    });
}

TEST_F(HealthEvents, StateArrivesInTheFieldsOfTheLog) {
    simulate([this] {
        bring_up();
        move_health([](HealthState& h) {
            h.composite_kelvin = 0x0123;
            h.sensor_kelvin[0] = 0x0140;
            h.available_spare = 77;
            h.spare_threshold = 5;
            h.percentage_used = 255;
        });
        const spec::SmartLog log = smart();
        EXPECT_EQ(log.composite_temperature[0], 0x23);
        EXPECT_EQ(log.composite_temperature[1], 0x01);
        EXPECT_EQ(log.temperature_sensor[0], 0x0140);
        EXPECT_EQ(log.temperature_sensor[1], 0) << "there is one sensor";
        EXPECT_EQ(log.available_spare, 77);
        EXPECT_EQ(log.available_spare_threshold, 5);
        EXPECT_EQ(log.percentage_used, 255);
        EXPECT_EQ(log.critical_warning, 0);
    });
}

TEST_F(HealthEvents, ImpossibleStatesAreRefusedAndChangeNothing) {
    HealthState state;
    state.available_spare = 101;
    EXPECT_NE(controller.set_health(state), "");
    state = {};
    state.spare_threshold = 255;
    EXPECT_NE(controller.set_health(state), "");
    state = {};
    state.sensor_kelvin[7] = 0;
    EXPECT_NE(controller.set_health(state), "");
    state = {};
    state.composite_kelvin = 0;
    EXPECT_NE(controller.set_health(state), "");
    EXPECT_EQ(controller.health().available_spare, 100);
    simulate([] {});
}

TEST_F(HealthEvents, OneIsOutstandingUntilTheLogIsReadAndAConditionThatLastsIsReportedAgain) {
    simulate([this] {
        bring_up();
        const Ticket first = request(), second = request();
        heat(350);
        expect_health(first, AsyncSmartInfo::kTemperatureThreshold);
        move_health([](HealthState& h) { h.available_spare = 1; });
        EXPECT_FALSE(arrives(second)) << "the type is masked";
        (void)smart(true);
        EXPECT_FALSE(arrives(second)) << "retained";
        (void)smart();  // tells of the spare as well: only what was reported before comes again
        expect_health(second, AsyncSmartInfo::kTemperatureThreshold);
        const Ticket third = request();
        heat(300);
        (void)smart();
        EXPECT_FALSE(arrives(third)) << "the spare is no news, and it is cool again";
        move_health([](HealthState& h) { h.available_spare = 50; });
        move_health([](HealthState& h) { h.available_spare = 1; });
        expect_health(third, AsyncSmartInfo::kSpareBelowThreshold);
    });
}

TEST_F(HealthEvents, WhatTheHostMaskedIsReportedWhenItAsksForItIfItStillLasts) {
    simulate([this] {
        bring_up();
        wants(0);
        const Ticket ticket = request();
        move_health([](HealthState& h) {
            h.available_spare = 1;
            h.reliability_degraded = true;
        });
        EXPECT_FALSE(arrives(ticket));
        EXPECT_EQ(smart().critical_warning, 5);
        move_health([](HealthState& h) { h.available_spare = 90; });
        wants(0x01);
        EXPECT_FALSE(arrives(ticket)) << "the spare is good again";
        wants(0x05);
        expect_health(ticket, AsyncSmartInfo::kSubsystemReliability);
        const Ticket again = request();
        wants(0);
        (void)smart();
        EXPECT_FALSE(arrives(again)) << "masked before it was cleared: no repetition";
    });
}

TEST_F(HealthEvents, EventWithoutARequestWaitsForOneUnlessTheLogIsReadBefore) {
    simulate([this] {
        bring_up();
        heat(350);
        heat(300);  // a condition that has passed was one nevertheless
        sc_core::wait(1, sc_core::SC_MS);
        const Ticket first = request();
        expect_health(first, AsyncSmartInfo::kTemperatureThreshold);
        (void)smart();
        heat(350);
        (void)smart();
        const Ticket second = request();
        EXPECT_FALSE(arrives(second)) << "the host knows from the log page";
    });
}

TEST_F(HealthEvents, ConditionsOfDifferentKindsAnswerOneRequestEach) {
    simulate([this] {
        bring_up();
        move_health([](HealthState& h) {
            h.available_spare = 0;
            h.composite_kelvin = 400;
            h.reliability_degraded = h.volatile_backup_failed = true;
        });
        const Ticket first = request(), second = request();
        expect_health(first, AsyncSmartInfo::kSpareBelowThreshold);
        driver.write32(driver.sq_doorbell(9), 1);
        expect_error(second, spec::AsyncErrorInfo::kInvalidDoorbellRegister);
        EXPECT_EQ(smart().critical_warning, 0x17);
    });
}

TEST_F(HealthEvents, AHostThatEnablesTheControllerHearsOfWhatIsWrongAlready) {
    simulate([this] {
        move_health([](HealthState& h) { h.available_spare = 3; });
        bring_up();
        expect_health(request(), AsyncSmartInfo::kSpareBelowThreshold);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        expect_health(request(), AsyncSmartInfo::kSpareBelowThreshold);
    });
}

TEST_F(HealthEvents, ThresholdsAreMetFromBothSidesAndReArmWhenTheTemperatureIsWithin) {
    simulate([this] {
        bring_up();
        set_threshold(0, false, 330);
        set_threshold(0, true, 280);
        const Ticket quiet = request();
        heat(329);
        heat(281);
        EXPECT_FALSE(arrives(quiet));
        heat(330);
        expect_health(quiet, AsyncSmartInfo::kTemperatureThreshold);
        heat(329);
        EXPECT_EQ(smart().critical_warning, 0);
        const Ticket cold = request();
        EXPECT_FALSE(arrives(cold));
        heat(280);
        expect_health(cold, AsyncSmartInfo::kTemperatureThreshold);
        EXPECT_EQ(smart(true).critical_warning, 2);
    });
}

TEST_F(HealthEvents, AThresholdThatIsMovedBeyondTheTemperatureIsAnEventAtOnce) {
    simulate([this] {
        bring_up();
        const Ticket first = request();
        set_threshold(0, false, 310);
        expect_health(first, AsyncSmartInfo::kTemperatureThreshold);
        set_threshold(0, false, 311);  // "a host should modify the event threshold"
        const Ticket second = request();
        (void)smart();
        EXPECT_FALSE(arrives(second));
        set_threshold(0, true, 310);
        expect_health(second, AsyncSmartInfo::kTemperatureThreshold);
    });
}

ControllerParams eight_sensors() {
    ControllerParams params;
    params.temperature_sensors = 8;
    params.temperature = 300;
    params.warning_temperature = 350;
    params.critical_temperature = 360;
    params.available_spare = 40;
    params.spare_threshold = 40;
    params.percentage_used = 99;
    return params;
}

class HealthOfEightSensors : public HealthEvents {
protected:
    HealthOfEightSensors() : HealthEvents(eight_sensors()) {}
};

TEST_F(HealthOfEightSensors, EverySensorHasItsOwnThresholds) {
    simulate([this] {
        bring_up();
        EXPECT_EQ(driver.controller().wctemp, 350);
        EXPECT_EQ(driver.controller().cctemp, 360);
        const spec::SmartLog log = smart();
        EXPECT_EQ(log.percentage_used, 99);
        EXPECT_EQ(log.available_spare, 40);
        EXPECT_EQ(log.critical_warning, 0) << "40 is not below 40";
        for (std::uint32_t sensor = 1; sensor <= 8; ++sensor) {
            EXPECT_EQ(log.temperature_sensor[sensor - 1], 300);
            const Ticket ticket = request();
            set_threshold(sensor, false, 320);
            EXPECT_FALSE(arrives(ticket)) << sensor;
            move_health([&](HealthState& h) { h.sensor_kelvin[sensor - 1] = 320; });
            expect_health(ticket, AsyncSmartInfo::kTemperatureThreshold);
            move_health([&](HealthState& h) { h.sensor_kelvin[sensor - 1] = 319; });
            EXPECT_EQ(smart().critical_warning, 0);
        }
        set_threshold(15, true, 319);  // all of them
        EXPECT_EQ(smart().critical_warning, 2);
        EXPECT_EQ(status(driver.set_features(FeatureId::kTemperatureThreshold, 9u << 16 | 1)),
                  StatusCode::kInvalidField);
    });
}

TEST_F(HealthEvents, TimeInTheWarningAndInTheCriticalRangeIsCountedInMinutes) {
    simulate(
        [this] {
            bring_up();
            const auto minutes = [](unsigned n) { sc_core::wait(60.0 * n, sc_core::SC_SEC); };
            minutes(5);
            heat(343);
            minutes(3);
            heat(353);
            minutes(2);
            heat(352);
            minutes(1);
            heat(342);
            minutes(4);
            EXPECT_EQ(smart().warning_temperature_time, 4u);
            EXPECT_EQ(smart().critical_temperature_time, 2u);
            heat(400);
            controller.power_cut();
            driver.forget_everything();
            minutes(10);
            controller.power_on();
            bring_up();
            minutes(1);
            EXPECT_EQ(smart().critical_temperature_time, 3u) << "without power nothing counts";
            EXPECT_EQ(smart().warning_temperature_time, 4u);
        },
        sc_core::sc_time(7200, sc_core::SC_SEC));
}

TEST_F(HealthEvents, ReadOnlyMediaRefusesWritesKeepsReadsAndIsAnnounced) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 3), in = driver.allocate(4096);
        ASSERT_TRUE(driver.write(1, 0, 8, data).ok());  // cached
        (void)log_page<spec::ChangedNamespaceList>(spec::LogId::kChangedNamespaceList);
        const Ticket health = request(), notice = request();
        move_health([](HealthState& h) { h.media_read_only = true; });
        expect_health(health, AsyncSmartInfo::kSubsystemReliability);
        expect_notice(notice);
        spec::IdentifyNamespace id;
        ASSERT_TRUE(driver.identify_namespace(1, id).ok());
        EXPECT_EQ(id.nsattr & 1, 1);
        const auto refused = StatusCode::kAttemptedWriteToReadOnlyRange;
        EXPECT_EQ(status(driver.write(1, 0, 8, data)), refused);
        EXPECT_EQ(status(driver.write_zeroes(1, 0, 8)), refused);
        EXPECT_EQ(status(driver.dataset_management(1, {{0, 8, 0}})), refused);
        EXPECT_TRUE(driver.flush(1).ok());
        power_cycle();
        ASSERT_TRUE(driver.read(1, 0, 8, in).ok());
        EXPECT_TRUE(same(in, data, 4096)) << "the cache was emptied before";
        EXPECT_EQ(status(driver.write(1, 0, 8, data)), refused) << "the media stays what it is";
        add_ram_namespace(2, 1 << 20, 512);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(1, 64), DriverError::kNone);
        EXPECT_EQ(status(driver.write(2, 0, 8, data)), refused);
        move_health([](HealthState& h) { h.media_read_only = false; });
        EXPECT_TRUE(driver.write(1, 0, 8, data).ok());
        EXPECT_TRUE(driver.write(2, 0, 8, data).ok());
    });
}

TEST_F(HealthEvents, HealthThatMovesWhileResetsComeAtRandomMomentsIsAlwaysToldRight) {
    bool stop = false;
    std::mt19937_64 random(17);
    const auto any_state = [&random] {
        HealthState state;
        state.composite_kelvin = static_cast<std::uint16_t>(300 + random() % 60);
        state.available_spare = static_cast<std::uint8_t>(random() % 101);
        state.reliability_degraded = random() % 2 != 0;
        state.media_read_only = random() % 4 == 0;
        return state;
    };
    in_parallel([&] {
        while (!stop) {
            EXPECT_EQ(controller.set_health(any_state()), "");
            sc_core::wait(static_cast<double>(random() % 200), sc_core::SC_US);
        }
    });
    simulate([&] {
        for (unsigned round = 0; round < 40; ++round) {
            bring_up();
            for (int i = 0; i <= driver.controller().aerl; ++i) (void)request();
            for (auto i = random() % 6; i-- > 0;) (void)smart();
            sc_core::wait(static_cast<double>(random() % 300), sc_core::SC_US);
            if (random() % 4 == 0) power_cycle();
        }
        stop = true;
        bring_up();
        EXPECT_EQ(controller.set_health({}), "");
        (void)smart();
        EXPECT_EQ(smart().critical_warning, 0);
        EXPECT_TRUE(driver.flush(1).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
