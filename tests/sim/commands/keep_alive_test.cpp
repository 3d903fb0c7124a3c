// SPDX-License-Identifier: Apache-2.0
// The Keep Alive Timer: granularity, what restarts it, and what happens when it expires.
#include <random>

#include "tests/sim/commands/commands_fixture.h"
#include "tests/sim/controller/trace_recorder.h"

namespace nvme::test {
namespace {

using spec::FeatureId;
using util::kPsPerMs;

class NoKeepAlive : public CommandsTest {};

TEST_F(NoKeepAlive, ControllerWithoutTheTimerKnowsNeitherTheCommandNorTheFeature) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        EXPECT_EQ(driver.controller().kas, 0);
        EXPECT_EQ(status(driver.admin(commands::make(spec::AdminOpcode::kKeepAlive))),
                  StatusCode::kInvalidOpcode);
        EXPECT_EQ(status(driver.get_features(FeatureId::kKeepAliveTimer)),
                  StatusCode::kInvalidField);
        EXPECT_EQ(status(driver.set_features(FeatureId::kKeepAliveTimer, 1000)),
                  StatusCode::kInvalidField);
    });
}

ControllerParams with_timer() {
    ControllerParams params;
    params.keep_alive_granularity = 5;  // half a second
    return params;
}

class KeepAliveTimer : public CommandsTest {
protected:
    KeepAliveTimer() : CommandsTest(with_timer()) { controller.set_trace(&trace); }

    void set_timeout(std::uint32_t ms) {
        EXPECT_TRUE(driver.set_features(FeatureId::kKeepAliveTimer, ms).ok());
    }
    std::uint32_t timeout() { return driver.get_features(FeatureId::kKeepAliveTimer).dw0; }
    Completion keep_alive() { return driver.admin(commands::make(spec::AdminOpcode::kKeepAlive)); }
    bool fatal() { return driver.csts().get<spec::Csts::Cfs>(); }
    static void wait_ms(double ms) { sc_core::wait(ms, sc_core::SC_MS); }

    TraceRecorder trace;
};

TEST_F(KeepAliveTimer, TimeoutIsRoundedUpToTheGranularity) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        EXPECT_EQ(driver.controller().kas, 5);
        EXPECT_EQ(driver.controller().ctratt & 1u << 6, 0u) << "not traffic based";
        EXPECT_EQ(timeout(), 0u) << "off";
        for (const auto& [asked, got] :
             {std::pair{1u, 500u}, {500u, 500u}, {501u, 1000u}, {0xFFFF'FFFFu, 4'294'967'000u}}) {
            set_timeout(asked);
            EXPECT_EQ(timeout(), got);
        }
        set_timeout(0);
        EXPECT_EQ(timeout(), 0u);
        set_timeout(60'000);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(timeout(), 0u) << "a reset turns it off";
    });
}

TEST_F(KeepAliveTimer, ExpiresExactlyWhenNothingRestartedIt) {
    simulate([this] {
        bring_up();
        trace.clear();
        set_timeout(500);
        const util::TimePs set = trace.completed.at(0).ps;  // takes effect when it is executed
        wait_ms(400);
        EXPECT_TRUE(keep_alive().ok());
        const util::TimePs kept = trace.completed.at(1).ps;
        wait_ms(400);
        EXPECT_FALSE(fatal()) << "restarted by the command";
        set_timeout(500);
        const util::TimePs again = trace.completed.at(2).ps;
        EXPECT_GT(again - set, 500 * kPsPerMs);
        EXPECT_LT(again - kept, 500 * kPsPerMs);
        wait_ms(400);
        EXPECT_TRUE(driver.flush(1).ok()) << "other commands work, and restart nothing";
        EXPECT_TRUE(driver.get_features(FeatureId::kArbitration).ok());
        wait_ms(200);
        EXPECT_TRUE(fatal());
        const auto expired = trace.when(2, 2);
        ASSERT_TRUE(expired);
        // The completion entry is on the link for a moment after the command was executed.
        EXPECT_LE(*expired, again + 500 * kPsPerMs);
        EXPECT_GT(*expired, again + 500 * kPsPerMs - 1'000'000);
    });
}

TEST_F(KeepAliveTimer, AfterExpiryNothingIsProcessedUntilAResetAndTheLogTellsWhy) {
    simulate([this] {
        bring_up();
        set_timeout(500);
        wait_ms(499.9);
        Tally in_flight, later;
        for (int i = 0; i < 8; ++i)
            driver.submit(1, commands::verify(1, 0, 65536), {}, in_flight.callback());
        wait_ms(0.2);
        EXPECT_TRUE(fatal());
        driver.submit(1, commands::flush(1), {}, later.callback());
        const Ticket admin = driver.submit(0, commands::make(spec::AdminOpcode::kKeepAlive));
        wait_ms(1000);
        driver.poll(1);
        driver.poll(0);
        EXPECT_EQ(in_flight.done + later.done, 0u);
        EXPECT_FALSE(driver.done(admin));
        bring_up();
        EXPECT_FALSE(fatal());
        const auto entry = log_page<spec::ErrorLogEntry>(spec::LogId::kErrorInformation);
        EXPECT_EQ(entry.status >> 1 & 0x7FF,
                  static_cast<unsigned>(StatusCode::kKeepAliveTimerExpired));
        EXPECT_EQ(entry.sqid, 0xFFFF);
        wait_ms(2000);
        EXPECT_FALSE(fatal()) << "the timer is off";
        EXPECT_TRUE(driver.flush(1).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(KeepAliveTimer, IsNotActiveOnceAShutdownHasBegunNorWithoutATimeout) {
    simulate([this] {
        bring_up();
        set_timeout(500);
        wait_ms(300);
        set_timeout(0);
        wait_ms(1000);
        EXPECT_FALSE(fatal());
        EXPECT_TRUE(keep_alive().ok()) << "harmless";
        set_timeout(500);
        ASSERT_EQ(driver.shutdown(), DriverError::kNone);
        wait_ms(1000);
        EXPECT_FALSE(fatal());
    });
}

TEST_F(KeepAliveTimer, ShutdownAfterExpiryStillCompletes) {
    simulate([this] {
        bring_up();
        set_timeout(500);
        Tally lost;
        wait_ms(499.99);
        driver.submit(1, commands::verify(1, 0, 65536), {}, lost.callback());
        wait_ms(1);
        ASSERT_TRUE(fatal());
        using Cc = spec::Cc;
        const auto cc = Cc::from(driver.read32(spec::offset::kCc));
        driver.write32(spec::offset::kCc, cc.with<Cc::Shn>(spec::Shn::kNormal).raw);
        wait_ms(500);
        EXPECT_EQ(driver.csts().get<spec::Csts::Shst>(), spec::Shst::kComplete);
        EXPECT_EQ(lost.done, 0u);
    });
}

TEST_F(KeepAliveTimer, ResetsAtRandomMomentsLeaveNoTimerBehind) {
    std::mt19937_64 random(23);
    simulate(
        [&] {
            for (unsigned round = 0; round < 30; ++round) {
                bring_up();
                set_timeout(1 + static_cast<std::uint32_t>(random() % 1000));
                for (auto i = random() % 4; i-- > 0;) {
                    wait_ms(static_cast<double>(random() % 300));
                    if (!fatal())
                        (void)driver.submit(0, commands::make(spec::AdminOpcode::kKeepAlive));
                }
                if (random() % 3 == 0) power_cycle();
            }
            bring_up();
            wait_ms(2000);
            EXPECT_FALSE(fatal());
            EXPECT_TRUE(driver.flush(1).ok());
        },
        sc_core::sc_time(100, sc_core::SC_SEC));
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
