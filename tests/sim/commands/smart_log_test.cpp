// SPDX-License-Identifier: Apache-2.0
// The SMART / Health Information log counts what was really done.
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class SmartLogPage : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;
    spec::SmartLog smart() { return log_page<spec::SmartLog>(spec::LogId::kSmartHealth); }
};

TEST_F(SmartLogPage, NewControllerIsHealthyAndHasDoneNothing) {
    simulate([this] {
        bring_up();
        const spec::SmartLog log = smart();
        EXPECT_EQ(log.critical_warning, 0);
        const int kelvin = log.composite_temperature[0] | log.composite_temperature[1] << 8;
        EXPECT_GT(kelvin, 273);
        EXPECT_LT(kelvin, driver.controller().wctemp);
        EXPECT_EQ(log.available_spare, 100);
        EXPECT_GT(log.available_spare_threshold, 0);
        EXPECT_EQ(log.percentage_used, 0);
        EXPECT_EQ(log.data_units_read.low, 0u);
        EXPECT_EQ(log.data_units_written.low, 0u);
        EXPECT_EQ(log.host_read_commands.low, 0u);
        EXPECT_EQ(log.host_write_commands.low, 0u);
        EXPECT_EQ(log.power_cycles.low, 1u);
        EXPECT_EQ(log.unsafe_shutdowns.low, 0u);
        EXPECT_EQ(log.media_errors.low, 0u);
        EXPECT_EQ(log.error_log_entries.low, 0u);
    });
}

TEST_F(SmartLogPage, DataUnitsAreThousandsOf512BytesRoundedUp) {
    add_ram_namespace(2, 8 << 20, 4096);
    simulate([this] {
        bring_up();
        const DmaBuffer buffer = pattern(256 << 10, 1);
        EXPECT_TRUE(driver.write(1, 0, 1, buffer).ok());
        EXPECT_EQ(smart().data_units_written.low, 1u);
        EXPECT_TRUE(driver.write(1, 0, 512, buffer).ok());
        EXPECT_TRUE(driver.write(2, 0, 60, buffer).ok());  // 480 units of 512 bytes: 993 by now
        EXPECT_EQ(smart().data_units_written.low, 1u);
        EXPECT_TRUE(driver.write(2, 0, 1, buffer).ok());  // 1,001
        EXPECT_EQ(smart().data_units_written.low, 2u);
        EXPECT_EQ(smart().host_write_commands.low, 4u);
        EXPECT_EQ(smart().data_units_read.low, 0u);

        EXPECT_TRUE(driver.read(1, 0, 512, buffer).ok());
        EXPECT_TRUE(driver.read(1, 0, 488, buffer).ok());
        EXPECT_EQ(smart().data_units_read.low, 1u);
        EXPECT_TRUE(driver.read(2, 0, 1, buffer).ok());
        EXPECT_EQ(smart().data_units_read.low, 2u);
        EXPECT_EQ(smart().host_read_commands.low, 3u);
    });
}

TEST_F(SmartLogPage, CompareCountsAsAReadAndVerifiedDataAsRead) {
    simulate([this] {
        bring_up();
        const DmaBuffer zeroes = driver.allocate(4096);
        EXPECT_TRUE(driver.compare(1, 0, 8, zeroes).ok());
        EXPECT_EQ(smart().host_read_commands.low, 1u);
        EXPECT_EQ(smart().data_units_read.low, 1u);
        EXPECT_TRUE(driver.verify(1, 0, 2000).ok());
        EXPECT_EQ(smart().data_units_read.low, 3u) << "2,008 units of 512 bytes";
    });
}

TEST_F(SmartLogPage, CommandsThatFailedBeforeTheMediaDoNotCount) {
    simulate([this] {
        bring_up();
        const DmaBuffer buffer = driver.allocate(4096);
        EXPECT_EQ(status(driver.read(1, 1ull << 40, 8, buffer)), StatusCode::kLbaOutOfRange);
        EXPECT_EQ(status(driver.write(1, 1ull << 40, 8, buffer)), StatusCode::kLbaOutOfRange);
        const spec::SmartLog log = smart();
        EXPECT_EQ(log.host_read_commands.low + log.host_write_commands.low, 0u);
        EXPECT_EQ(log.error_log_entries.low, 2u);
    });
}

TEST_F(SmartLogPage, PowerCyclesAndUnsafeShutdownsAreCounted) {
    simulate([this] {
        bring_up();
        power_cycle();
        EXPECT_EQ(smart().power_cycles.low, 2u);
        EXPECT_EQ(smart().unsafe_shutdowns.low, 1u);
        EXPECT_EQ(driver.shutdown(), DriverError::kNone);
        power_cycle();
        EXPECT_EQ(smart().power_cycles.low, 3u);
        EXPECT_EQ(smart().unsafe_shutdowns.low, 1u) << "this one was announced";
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(smart().power_cycles.low, 3u) << "a controller reset is no power cycle";
    });
}

ControllerParams slow_media() {
    ControllerParams params;
    params.media.fixed.read_ns = 10'000'000'000;
    return params;
}

class SmartLogOfSlowMedia : public SmartLogPage {
protected:
    SmartLogOfSlowMedia()
        : SmartLogPage(slow_media(), [] {
              platform::DriverOptions options;
              options.command_timeout_ms = 60'000;
              return options;
          }()) {}
};

TEST_F(SmartLogOfSlowMedia, BusyTimeAndPowerOnHoursPassInSimulatedTime) {
    simulate(
        [this] {
            bring_up();
            for (int i = 0; i < 7; ++i) EXPECT_TRUE(driver.verify(1, 0, 1).ok());
            EXPECT_EQ(smart().controller_busy_time.low, 1u) << "minutes";
            sc_core::wait(3600, sc_core::SC_SEC);
            EXPECT_EQ(smart().controller_busy_time.low, 1u) << "no command, no work";
            EXPECT_EQ(smart().power_on_hours.low, 1u);
        },
        sc_core::sc_time(7200, sc_core::SC_SEC));
}

}  // namespace
}  // namespace nvme::test
