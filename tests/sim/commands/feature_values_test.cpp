// SPDX-License-Identifier: Apache-2.0
// Current, default and saved values of every feature, and what resets do to them.
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

using spec::FeatureId;
using spec::FeatureSelect;

struct Feature {
    FeatureId id;
    std::uint32_t selector;  ///< CDW11 of Get Features: which of several values
    std::uint32_t initial;   ///< default, as dword 0 reports it
    std::uint32_t other;     ///< a value to set
    std::uint32_t third;     ///< and another one
    bool saveable;
    std::uint32_t nsid = 0;  ///< not 0: the feature belongs to a namespace
};

constexpr std::uint32_t kUnder = 1u << 20;    // THSEL
constexpr std::uint32_t kSensor1 = 1u << 16;  // TMPSEL

constexpr Feature kFeatures[] = {
    {FeatureId::kArbitration, 0, 0, 0x0403'0202, 0x0000'0007, true},
    {FeatureId::kPowerManagement, 0, 0, 0x20, 0x40, false},
    {FeatureId::kTemperatureThreshold, 0, 343, 350, 330, true},
    {FeatureId::kTemperatureThreshold, kUnder, kUnder, kUnder | 280, kUnder | 1, true},
    {FeatureId::kTemperatureThreshold, kSensor1, kSensor1 | 0xFFFF, kSensor1 | 340, kSensor1, true},
    {FeatureId::kErrorRecovery, 0, 0, 5, 17, true, 1},
    {FeatureId::kVolatileWriteCache, 0, 1, 0, 1, true},
    {FeatureId::kInterruptCoalescing, 0, 0, 0x0A05, 0x0101, true},
    {FeatureId::kInterruptVectorConfig, 3, 3, 0x1'0003, 3, true},  // that of queue 3
    {FeatureId::kWriteAtomicityNormal, 0, 0, 1, 0, true},
    {FeatureId::kAsyncEventConfig, 0, 0x1FF, 0x100, 0x0FF, true},
};

class FeatureValues : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    std::uint32_t value(const Feature& f, FeatureSelect select) {
        const Completion got =
            driver.admin(commands::get_features(f.id, select, f.selector, f.nsid));
        EXPECT_TRUE(got.ok()) << static_cast<int>(f.id) << " " << got;
        return got.dw0;
    }
    void set(const Feature& f, std::uint32_t to, bool save) {
        const Completion completion = driver.admin(commands::set_features(f.id, to, save, f.nsid));
        EXPECT_TRUE(completion.ok()) << static_cast<int>(f.id) << " " << completion;
    }
    void expect_values(const Feature& f, std::uint32_t current, std::uint32_t saved) {
        EXPECT_EQ(value(f, FeatureSelect::kCurrent), current) << static_cast<int>(f.id);
        EXPECT_EQ(value(f, FeatureSelect::kDefault), f.initial) << static_cast<int>(f.id);
        EXPECT_EQ(value(f, FeatureSelect::kSaved), saved) << static_cast<int>(f.id);
    }
};

TEST_F(FeatureValues, SetChangesTheCurrentValueAndSaveTheSavedOneToo) {
    simulate([this] {
        bring_up(3);
        for (const Feature& f : kFeatures) {
            expect_values(f, f.initial, f.initial);
            set(f, f.other, false);
            expect_values(f, f.other, f.initial);
            if (!f.saveable) continue;
            set(f, f.other, true);
            expect_values(f, f.other, f.other);
            set(f, f.third, false);
            expect_values(f, f.third, f.other);
        }
    });
}

TEST_F(FeatureValues, ResetBringsTheSavedValueBackOrTheDefault) {
    simulate([this] {
        bring_up(3);
        const auto change_all = [this] {
            for (const Feature& f : kFeatures) {
                if (f.saveable) set(f, f.other, true);
                set(f, f.third, false);
            }
        };
        const auto expect_restored = [this](const char* after) {
            SCOPED_TRACE(after);
            for (const Feature& f : kFeatures) {
                const std::uint32_t kept = f.saveable ? f.other : f.initial;
                expect_values(f, kept, kept);
            }
        };
        change_all();
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        expect_restored("controller reset");
        ASSERT_EQ(driver.create_io_queues(3, 8), DriverError::kNone);
        change_all();
        ASSERT_EQ(driver.subsystem_reset(), DriverError::kNone);
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        expect_restored("NVM subsystem reset");
        ASSERT_EQ(driver.create_io_queues(3, 8), DriverError::kNone);
        change_all();
        power_cycle();
        expect_restored("power cycle");
    });
}

/// What is reserved in CDW11 of a feature.
constexpr struct {
    FeatureId id;
    std::uint32_t reserved, valid;
    bool saveable;
    std::uint32_t nsid = 0;
} kReserved[] = {
    {FeatureId::kArbitration, 0x0000'00F8, 0x0403'0202, true},
    {FeatureId::kPowerManagement, 0xFFFF'FF00, 0x20, false},
    {FeatureId::kTemperatureThreshold, 0xFFC0'0000, 350, true},
    {FeatureId::kErrorRecovery, 0xFFFE'0000, 5, true, 1},
    {FeatureId::kVolatileWriteCache, 0xFFFF'FFFE, 1, true},
    {FeatureId::kInterruptCoalescing, 0xFFFF'0000, 0x0A05, true},
    {FeatureId::kInterruptVectorConfig, 0xFFFE'0000, 0x1'0001, true},
    {FeatureId::kWriteAtomicityNormal, 0xFFFF'FFFE, 1, true},
    {FeatureId::kAsyncEventConfig, 0x77FF'0000, 0x11F, true},
    {FeatureId::kIoCommandSetProfile, 0xFFFF'FE00, 0, false},
    {FeatureId::kSoftwareProgressMarker, 0xFFFF'FF00, 7, false},
    {FeatureId::kReservationNotificationMask, 0xFFFF'FFF1, 6, false, 1},
    {FeatureId::kReservationPersistence, 0xFFFF'FFFE, 1, false, 1},
};

// Pre-fix, a feature gave back whatever had been written: a host that sets all bits to find out
// which a controller knows was told that it knows all.
TEST_F(FeatureValues, WhatIsReservedIsNotKept) {
    simulate([this] {
        bring_up(3);
        for (const auto& f : kReserved) {
            set({f.id, 0, 0, 0, 0, f.saveable, f.nsid}, f.reserved | f.valid, f.saveable);
            for (const auto select : {FeatureSelect::kCurrent, FeatureSelect::kSaved}) {
                if (select == FeatureSelect::kSaved && !f.saveable) continue;
                const std::uint32_t selector =
                    f.id == FeatureId::kInterruptVectorConfig ? f.valid : 0;
                EXPECT_EQ(value({f.id, selector, 0, 0, 0, f.saveable, f.nsid}, select), f.valid)
                    << static_cast<int>(f.id);
            }
        }
    });
}

TEST_F(FeatureValues, TemperatureThresholdOfAllSensorsSetsEach) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_TRUE(driver.set_features(FeatureId::kTemperatureThreshold, 0xF'0000 | 300).ok());
        for (const std::uint32_t sensor : {0u, 1u}) {
            const Completion got = driver.get_features(FeatureId::kTemperatureThreshold,
                                                       FeatureSelect::kCurrent, sensor << 16);
            EXPECT_EQ(got.dw0 & 0xFFFF, 300u) << sensor;
        }
    });
}

TEST_F(FeatureValues, ErrorRecoveryIsKeptForEachNamespace) {
    add_ram_namespace(9, 1 << 20, 512);
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const Feature first{FeatureId::kErrorRecovery, 0, 0, 0, 0, true, 1};
        const Feature ninth{FeatureId::kErrorRecovery, 0, 0, 0, 0, true, 9};
        set(first, 4, false);
        EXPECT_EQ(value(ninth, FeatureSelect::kCurrent), 0u);
        set({FeatureId::kErrorRecovery, 0, 0, 0, 0, true, spec::kNsidBroadcast}, 6, false);
        EXPECT_EQ(value(first, FeatureSelect::kCurrent), 6u);
        EXPECT_EQ(value(ninth, FeatureSelect::kCurrent), 6u);
    });
}

TEST_F(FeatureValues, NamespaceThatTakesTheIdentifierOfAnotherBeginsWithTheDefaults) {
    add_ram_namespace(9, 1 << 20, 512);
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const Feature first{FeatureId::kErrorRecovery, 0, 0, 0, 0, true, 1};
        const Feature ninth{FeatureId::kErrorRecovery, 0, 0, 0, 0, true, 9};
        const Feature mask{FeatureId::kReservationNotificationMask, 0, 0, 0, 0, false, 9};
        for (const Feature& f : {first, ninth}) set(f, 4, true);
        set(mask, 2, false);
        EXPECT_EQ(controller.resize_namespace(9, 2 << 20), "");
        expect_values(ninth, 4, 4);
        EXPECT_TRUE(controller.remove_namespace(9));
        add_ram_namespace(9, 1 << 20, 512);
        expect_values(ninth, 0, 0);
        expect_values(mask, 0, 0);
        expect_values(first, 4, 4);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        expect_values(ninth, 0, 0);
        expect_values(first, 4, 4);
    });
}

TEST_F(FeatureValues, NumberOfQueuesGrantsWhatThereIs) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto granted = [this] { return driver.get_features(FeatureId::kNumberOfQueues).dw0; };
        EXPECT_EQ(granted(), 0x003F'003Fu);
        EXPECT_EQ(driver.set_features(FeatureId::kNumberOfQueues, 0x0003'0003).dw0, 0x0003'0003u);
        EXPECT_EQ(granted(), 0x0003'0003u);
        EXPECT_EQ(driver.set_features(FeatureId::kNumberOfQueues, 0x03FF'03FF).dw0, 0x003F'003Fu);
        for (const std::uint32_t bad : {0xFFFF'0001u, 0x0001'FFFFu, 0xFFFF'FFFFu})
            EXPECT_EQ(status(driver.set_features(FeatureId::kNumberOfQueues, bad)),
                      StatusCode::kInvalidField);
        driver.set_features(FeatureId::kNumberOfQueues, 0);
        ASSERT_TRUE(driver.create_queue_pair({}).ok());
        EXPECT_EQ(status(driver.set_features(FeatureId::kNumberOfQueues, 0x0001'0001)),
                  StatusCode::kCommandSequenceError);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(granted(), 0x003F'003Fu);
    });
}

TEST_F(FeatureValues, TimestampGoesOnCountingUntilAResetClearsIt) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto get = [this](std::uint8_t& attributes) {
            spec::TimestampData data;
            EXPECT_TRUE(
                driver.admin_read(commands::get_features(FeatureId::kTimestamp), &data, sizeof data)
                    .ok());
            attributes = data.attr;
            std::uint64_t ms = 0;
            std::memcpy(&ms, data.timestamp, 6);
            return ms;
        };
        std::uint8_t attributes = 0xFF;
        EXPECT_LT(get(attributes), 1'000u);
        EXPECT_EQ(attributes, 0) << "cleared by a reset";

        const std::uint64_t then = 0x0192'3456'789Aull;
        spec::TimestampData data{};
        std::memcpy(data.timestamp, &then, 6);
        ASSERT_TRUE(
            driver.admin_write(commands::set_features(FeatureId::kTimestamp, 0), &data, sizeof data)
                .ok());
        sc_core::wait(1500, sc_core::SC_MS);
        const std::uint64_t now = get(attributes);
        EXPECT_GE(now, then + 1500);
        EXPECT_LE(now, then + 1502);
        EXPECT_EQ(attributes, 1 << 1) << "set by the host";

        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_LT(get(attributes), 1'000u);
        EXPECT_EQ(attributes, 0);
    });
}

TEST_F(FeatureValues, SoftwareProgressMarkerSurvivesResetsAndPowerCycles) {
    simulate([this] {
        bring_up();
        const auto marker = [this] {
            return driver.get_features(FeatureId::kSoftwareProgressMarker).dw0;
        };
        EXPECT_EQ(marker(), 0u);
        ASSERT_TRUE(driver.set_features(FeatureId::kSoftwareProgressMarker, 7).ok());
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(marker(), 7u);
        power_cycle();
        EXPECT_EQ(marker(), 7u);
    });
}

TEST_F(FeatureValues, HostBehaviorIsKeptUntilAResetAndCheckedForReservedValues) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto set_acre = [this](std::uint8_t acre) {
            spec::HostBehaviorSupport data{};
            data.acre = acre;
            return status(driver.admin_write(
                commands::set_features(FeatureId::kHostBehaviorSupport, 0), &data, sizeof data));
        };
        const auto acre = [this] {
            spec::HostBehaviorSupport data;
            EXPECT_TRUE(driver
                            .admin_read(commands::get_features(FeatureId::kHostBehaviorSupport),
                                        &data, sizeof data)
                            .ok());
            return data.acre;
        };
        spec::HostBehaviorSupport ones, back;
        std::memset(&ones, 1, sizeof ones);
        ASSERT_TRUE(driver
                        .admin_write(commands::set_features(FeatureId::kHostBehaviorSupport, 0),
                                     &ones, sizeof ones)
                        .ok());
        ASSERT_TRUE(driver
                        .admin_read(commands::get_features(FeatureId::kHostBehaviorSupport), &back,
                                    sizeof back)
                        .ok());
        EXPECT_EQ(back.acre & back.etdas & back.lbafee, 1);
        for (const std::uint8_t byte : back.rsvd3) ASSERT_EQ(byte, 0) << "reserved";
        EXPECT_EQ(set_acre(0), StatusCode::kSuccess);
        EXPECT_EQ(acre(), 0);
        EXPECT_EQ(set_acre(1), StatusCode::kSuccess);
        EXPECT_EQ(acre(), 1);
        EXPECT_EQ(set_acre(2), StatusCode::kInvalidField);
        EXPECT_EQ(acre(), 1);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(acre(), 0);
    });
}

}  // namespace
}  // namespace nvme::test
