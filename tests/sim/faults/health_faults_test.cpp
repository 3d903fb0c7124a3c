// SPDX-License-Identifier: Apache-2.0
// The action health: the condition of the subsystem moves, and the host learns of it.
#include <array>

#include "tests/sim/faults/fault_fixture.h"

namespace nvme::test {
namespace {

using spec::AsyncSmartInfo;

Rule health(void (*change)(HealthChange&)) {
    Rule r = rule(Action::kHealth);
    change(r.health);
    return r;
}

class HealthFault : public FaultTest {
protected:
    using FaultTest::FaultTest;
    void inject(const Rule& r) { EXPECT_EQ(plan.inject(r), ""); }
    [[nodiscard]] static unsigned kelvin(const spec::SmartLog& log) {
        return log.composite_temperature[0] | log.composite_temperature[1] << 8;
    }
};

TEST_F(HealthFault, EachConditionAnswersTheRequestThatWaitsAndIsInTheLog) {
    struct Case {
        void (*change)(HealthChange&);
        unsigned warning;
        AsyncSmartInfo info;
    };
    const Case cases[] = {
        {[](HealthChange& h) { h.available_spare = 9; }, 1 << 0,
         AsyncSmartInfo::kSpareBelowThreshold},
        {[](HealthChange& h) { h.spare_threshold = 10, h.available_spare = 9; }, 1 << 0,
         AsyncSmartInfo::kSpareBelowThreshold},
        {[](HealthChange& h) { h.temperature = 343; }, 1 << 1,
         AsyncSmartInfo::kTemperatureThreshold},
        {[](HealthChange& h) { h.reliability_degraded = true; }, 1 << 2,
         AsyncSmartInfo::kSubsystemReliability},
        {[](HealthChange& h) { h.media_read_only = true; }, 1 << 3,
         AsyncSmartInfo::kSubsystemReliability},
        {[](HealthChange& h) { h.volatile_backup_failed = true; }, 1 << 4,
         AsyncSmartInfo::kSubsystemReliability},
        {[](HealthChange& h) { h.pmr_unreliable = true; }, 1 << 5,
         AsyncSmartInfo::kSubsystemReliability},
    };
    run([&] {
        bring_up();
        // Critical warnings, and no notices: namespaces change, too, when media become read-only.
        ASSERT_TRUE(driver.set_features(spec::FeatureId::kAsyncEventConfig, 0xff).ok());
        for (const Case& c : cases) {
            SCOPED_TRACE(c.warning);
            const Ticket ticket = request();
            EXPECT_FALSE(arrives(ticket));
            inject(health(c.change));
            expect_health(ticket, c.info);
            EXPECT_EQ(smart(true).critical_warning, c.warning);
            EXPECT_EQ(controller.set_health({}), "");
            EXPECT_EQ(smart().critical_warning, 0);
        }
    });
}

TEST_F(HealthFault, OnlyTheFieldsThatAreGivenChange) {
    run([this] {
        bring_up();
        inject(health([](HealthChange& h) { h.temperature = 330; }));
        inject(health([](HealthChange& h) { h.percentage_used = 255, h.spare_threshold = 20; }));
        inject(health([](HealthChange& h) { h.available_spare = 20; }));
        sc_core::wait(1, sc_core::SC_US);
        const spec::SmartLog log = smart();
        EXPECT_EQ(kelvin(log), 330u);
        EXPECT_EQ(log.temperature_sensor[0], 330);
        EXPECT_EQ(log.percentage_used, 255);
        EXPECT_EQ(log.available_spare_threshold, 20);
        EXPECT_EQ(log.available_spare, 20);
        EXPECT_EQ(log.critical_warning, 0);
    });
}

TEST_F(HealthFault, ACommandOrATimeSetsItOff) {
    Rule hot = health([](HealthChange& h) { h.temperature = 400; });
    hot.queues = faults::Queues::kIo;
    hot.lba = 64;
    hot.count = 1;
    hot.delay_ns = 2'000'000;
    add(hot);
    Rule cool = health([](HealthChange& h) { h.temperature = 300; });
    cool.at_ns = 900'000'000;
    add(cool);
    run([this] {
        bring_up();
        const Ticket ticket = request();
        const DmaBuffer in = driver.allocate(4096);
        EXPECT_TRUE(driver.read(1, 0, 8, in).ok());
        EXPECT_FALSE(arrives(ticket)) << "other blocks";
        EXPECT_TRUE(driver.read(1, 64, 8, in).ok());
        EXPECT_FALSE(arrives(ticket)) << "2 ms later";
        sc_core::wait(2, sc_core::SC_MS);
        expect_health(ticket, AsyncSmartInfo::kTemperatureThreshold);
        EXPECT_EQ(kelvin(smart()), 400u);
        sc_core::wait(sc_core::sc_time(901, sc_core::SC_MS) - sc_core::sc_time_stamp());
        EXPECT_EQ(kelvin(smart()), 300u);
        EXPECT_EQ(smart().critical_warning, 0);
    });
}

TEST_F(HealthFault, ReadOnlyMediaRefuseWritesAndGiveWhatTheyHold) {
    run([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 3), in = driver.allocate(4096);
        ASSERT_TRUE(driver.write(1, 0, 8, data).ok());
        inject(health([](HealthChange& h) { h.media_read_only = true; }));
        sc_core::wait(1, sc_core::SC_US);
        EXPECT_EQ(status(driver.write(1, 0, 8, pattern(4096, 4))),
                  StatusCode::kAttemptedWriteToReadOnlyRange);
        EXPECT_EQ(status(driver.write_zeroes(1, 0, 8)), StatusCode::kAttemptedWriteToReadOnlyRange);
        ASSERT_TRUE(driver.read(1, 0, 8, in).ok());
        EXPECT_TRUE(same(in, data, 4096));
        inject(health([](HealthChange& h) { h.media_read_only = false; }));
        sc_core::wait(1, sc_core::SC_US);
        EXPECT_TRUE(driver.write(1, 0, 8, data).ok());
    });
}

// Writes of every queue are under way when it happens: each is done or refused, none half.
TEST_F(HealthFault, MediaThatBecomeReadOnlyAmongWritesLoseNothingThatWasAcknowledged) {
    Rule worn = once(Action::kHealth, spec::NvmOpcode::kWrite, 44);
    worn.delay_ns = 12'000;
    worn.health.media_read_only = true;
    add(worn);
    run([this] {
        EXPECT_TRUE(recovery.start());
        work(2);
        verify_all();
    });
    EXPECT_GT(failed, 0u);
    EXPECT_LT(failed, kSlots);
    EXPECT_EQ(last_failure, StatusCode::kAttemptedWriteToReadOnlyRange);
    EXPECT_EQ(wrong_bytes, 0u);
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(HealthFault, TheTraceShowsTheStateAtTheStartAndEachChangeOnce) {
    run([this] {
        bring_up();
        const auto moved = [this](void (*change)(HealthChange&)) {
            inject(health(change));
            sc_core::wait(1, sc_core::SC_US);
        };
        moved([](HealthChange& h) { h.temperature = 342; });
        moved([](HealthChange& h) { h.temperature = 342; });
        moved([](HealthChange& h) { h.percentage_used = 9, h.available_spare = 2; });
        // The host moves the threshold, a reset puts it back.
        EXPECT_TRUE(driver.set_features(spec::FeatureId::kTemperatureThreshold, 340).ok());
        ASSERT_EQ(driver.enable(), DriverError::kNone);
    });
    const auto seen = [this](std::size_t i) {
        const observe::HealthLevels& h = trace.healths.at(i);
        return std::array<unsigned, 4>{h.critical_warning, h.kelvin, h.available_spare,
                                       h.percentage_used};
    };
    using Levels = std::array<unsigned, 4>;
    ASSERT_EQ(trace.healths.size(), 5u);
    EXPECT_EQ(trace.healths[0].ps, 0u);
    EXPECT_EQ(seen(0), (Levels{0, 310, 100, 0}));
    EXPECT_EQ(seen(1), (Levels{0, 342, 100, 0}));
    EXPECT_EQ(seen(2), (Levels{1, 342, 2, 9}));
    EXPECT_EQ(seen(3), (Levels{3, 342, 2, 9}));
    EXPECT_EQ(seen(4), (Levels{1, 342, 2, 9}));
}

TEST_F(HealthFault, TheStateOutlivesAPowerCut) {
    run([this] {
        bring_up();
        inject(health([](HealthChange& h) { h.available_spare = 3; }));
        sc_core::wait(1, sc_core::SC_US);
        power_cycle();
        expect_health(request(), AsyncSmartInfo::kSpareBelowThreshold);
        EXPECT_EQ(smart().available_spare, 3);
    });
}

}  // namespace
}  // namespace nvme::test
