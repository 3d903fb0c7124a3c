// SPDX-License-Identifier: Apache-2.0
// Exact times with quantum 0, delay annotation, and results that do not depend on latencies.
#include <gtest/gtest.h>

#include "tests/sim/controller/probed_fixture.h"
#include "tests/sim/controller/random_io.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;
using util::kPsPerNs;
using util::kPsPerUs;

constexpr std::uint32_t kRdy = 1;
constexpr std::uint32_t kShst = 0xc;

/// An infinitely fast link and media, so that each remaining latency can be read off.
ControllerParams plain() {
    ControllerParams p;
    p.link.gen = 0;
    p.media.model = media::Model::kNone;
    p.doorbell_to_fetch_ns = 123;
    p.firmware_per_command_ns = 217;
    p.admin_command_ns = 3'001;
    p.enable_time_ns = 700'003;
    p.disable_time_ns = 50'007;
    p.shutdown_time_ns = 300'011;
    return p;
}

class ExactTime : public ProbedTest {
protected:
    explicit ExactTime(const ControllerParams& params = plain()) : ProbedTest(params) {}

    /// Puts `n` flushes into queue 1 without ringing its doorbell.
    std::uint32_t queue_flushes(unsigned n) {
        for (unsigned i = 0; i < n; ++i)
            (void)driver.submit(1, commands::flush(1), {}, {}, platform::Doorbell::kLater);
        return driver.find_sq(1)->tail;
    }
    std::uint32_t sq1() const { return driver.sq_doorbell(1); }
};

TEST_F(ExactTime, ACommandTakesTheLatencyOfTheDoorbellAndOfTheFirmware) {
    simulate([this] {
        bring_up();
        sc_core::wait(1'234'567, sc_core::SC_PS);
        trace.clear();
        const std::uint64_t t = now_ps();
        ASSERT_TRUE(driver.flush(1).ok());
        EXPECT_EQ(now_ps(), t + 340 * kPsPerNs);
        EXPECT_EQ(trace.doorbells.at(0).ps, t);
        EXPECT_EQ(trace.fetched.at(0).ps, t + 123 * kPsPerNs);
        EXPECT_EQ(trace.completed.at(0).ps, t + 340 * kPsPerNs);
        EXPECT_EQ(trace.completed.at(0).fetched_ps, t + 123 * kPsPerNs);
        EXPECT_EQ(trace.interrupts.at(0).ps, t + 340 * kPsPerNs);
    });
}

TEST_F(ExactTime, AnAdminCommandTakesItsOwnLatency) {
    simulate([this] {
        bring_up();
        trace.clear();
        const std::uint64_t t = now_ps();
        ASSERT_TRUE(driver.get_features(spec::FeatureId::kArbitration).ok());
        EXPECT_EQ(trace.fetched.at(0).ps, t + 123 * kPsPerNs);
        EXPECT_EQ(trace.completed.at(0).ps, t + (123 + 3'001) * kPsPerNs);
    });
}

TEST_F(ExactTime, CommandsPassTheDecoderOneAfterTheOther) {
    simulate([this] {
        bring_up();
        trace.clear();
        queue_flushes(5);
        const std::uint64_t t = now_ps();
        driver.ring(1);
        sc_core::wait(us(5));
        ASSERT_EQ(trace.completed.size(), 5u);
        for (unsigned i = 0; i < 5; ++i)
            EXPECT_EQ(trace.completed[i].ps, t + (123 + (i + 1) * 217) * kPsPerNs);
    });
}

TEST_F(ExactTime, ADoorbellWithADelayTakesEffectWhenTheDelayHasPassed) {
    simulate([this] {
        bring_up();
        trace.clear();
        const std::uint32_t tail = queue_flushes(1);
        const std::uint64_t t = now_ps();
        write_later(sq1(), tail, us(7.5));
        sc_core::wait(us(20));
        ASSERT_EQ(trace.completed.size(), 1u);
        EXPECT_EQ(trace.doorbells.at(0).ps, t + 7'500 * kPsPerNs);
        EXPECT_EQ(trace.fetched.at(0).ps, t + (7'500 + 123) * kPsPerNs);
        EXPECT_EQ(trace.completed.at(0).ps, t + (7'500 + 340) * kPsPerNs);
    });
}

TEST_F(ExactTime, DecoupledDoorbellsTakeEffectInTheirOrderEachAtItsTime) {
    simulate([this] {
        bring_up();
        trace.clear();
        const std::uint64_t t = now_ps();
        const unsigned delays_us[] = {2, 4, 5, 9, 30};
        for (const unsigned delay : delays_us) write_later(sq1(), queue_flushes(1), us(delay));
        sc_core::wait(us(50));
        ASSERT_EQ(trace.fetched.size(), 5u);
        for (unsigned i = 0; i < 5; ++i) {
            EXPECT_EQ(trace.fetched[i].ps, t + delays_us[i] * kPsPerUs + 123 * kPsPerNs) << i;
            EXPECT_EQ(trace.completed[i].ps, t + delays_us[i] * kPsPerUs + 340 * kPsPerNs) << i;
        }
    });
}

TEST_F(ExactTime, ADoorbellWithoutDelayDoesNotOvertakeOneThatIsUnderWay) {
    simulate([this] {
        bring_up();
        trace.clear();
        const std::uint64_t t = now_ps();
        write_later(sq1(), queue_flushes(1), us(10));
        write_later(sq1(), queue_flushes(1), sc_core::SC_ZERO_TIME);
        sc_core::wait(us(50));
        ASSERT_EQ(trace.fetched.size(), 2u);
        EXPECT_EQ(trace.fetched[0].ps, t + 10 * kPsPerUs + 123 * kPsPerNs);
        EXPECT_GE(trace.fetched[1].ps, trace.fetched[0].ps);
    });
}

TEST_F(ExactTime, MoreDecoupledDoorbellsThanTheControllerKeepsLoseNoCommand) {
    simulate([this] {
        bring_up();
        for (unsigned i = 1; i <= 60; ++i) write_later(sq1(), queue_flushes(1), us(i));
        sc_core::wait(us(100));
        driver.poll(1);
        EXPECT_EQ(driver.find_sq(1)->in_flight, 0u);
    });
}

TEST_F(ExactTime, DecoupledDoorbellsOfDifferentQueuesAreIndependent) {
    simulate([this] {
        bring_up(2);
        trace.clear();
        const std::uint64_t t = now_ps();
        (void)driver.submit(2, commands::flush(1), {}, {}, platform::Doorbell::kLater);
        write_later(driver.sq_doorbell(2), 1, us(20));
        write_later(sq1(), queue_flushes(1), us(3));
        sc_core::wait(us(50));
        ASSERT_EQ(trace.fetched.size(), 2u);
        EXPECT_EQ(trace.fetched[0].sqid, 1u);
        EXPECT_EQ(trace.fetched[0].ps, t + 3 * kPsPerUs + 123 * kPsPerNs);
        EXPECT_EQ(trace.fetched[1].ps, t + 20 * kPsPerUs + 123 * kPsPerNs);
    });
}

TEST_F(ExactTime, EnableDisableAndShutdownTakeExactlyTheirTimes) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto cc = spec::Cc::from(driver.read32(spec::offset::kCc));
        sc_core::wait(7, sc_core::SC_PS);
        trace.clear();
        std::uint64_t t = now_ps();
        driver.write32(spec::offset::kCc, 0);
        sc_core::wait(us(100));
        EXPECT_EQ(trace.when(kRdy, 0), t + 50'007 * kPsPerNs);

        trace.clear();
        t = now_ps();
        driver.write32(spec::offset::kCc, cc.raw);
        sc_core::wait(us(1000));
        EXPECT_EQ(trace.when(kRdy, 1), t + 700'003 * kPsPerNs);

        trace.clear();
        t = now_ps();
        driver.write32(spec::offset::kCc, cc.with<spec::Cc::Shn>(spec::Shn::kAbrupt).raw);
        EXPECT_EQ(driver.csts().get<spec::Csts::Shst>(), spec::Shst::kOccurring);
        sc_core::wait(us(1000));
        EXPECT_EQ(trace.when(kShst, 0x8), t + 300'011 * kPsPerNs);
    });
}

TEST_F(ExactTime, CcWrittenWithADelayCountsFromTheEndOfTheDelay) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto cc = spec::Cc::from(driver.read32(spec::offset::kCc));
        trace.clear();
        std::uint64_t t = now_ps();
        write_later(spec::offset::kCc, 0, us(11));
        sc_core::wait(us(100));
        EXPECT_EQ(trace.when(kRdy, 0), t + 11 * kPsPerUs + 50'007 * kPsPerNs);

        trace.clear();
        t = now_ps();
        write_later(spec::offset::kCc, cc.raw, us(13));
        sc_core::wait(us(1000));
        EXPECT_EQ(trace.when(kRdy, 1), t + 13 * kPsPerUs + 700'003 * kPsPerNs);

        trace.clear();
        t = now_ps();
        write_later(spec::offset::kCc, cc.with<spec::Cc::Shn>(spec::Shn::kAbrupt).raw, us(17));
        sc_core::wait(us(1000));
        EXPECT_EQ(trace.when(kShst, 0x8), t + 17 * kPsPerUs + 300'011 * kPsPerNs);
    });
}

class ExactMedia : public ExactTime {
protected:
    static ControllerParams params() {
        ControllerParams p = plain();
        p.media.model = media::Model::kFixed;
        p.media.fixed.read_ns = 41'001;
        p.media.fixed.program_ns = 150'003;
        p.media.fixed.cache_write_ns = 1'009;
        p.media.fixed.flush_ns = 77'007;
        p.media.fixed.units = 1;
        return p;
    }
    ExactMedia() : ExactTime(params()) {}
    std::uint64_t time_of(const platform::Completion& c) const {
        EXPECT_TRUE(c.ok()) << c;
        return (trace.completed.back().ps - trace.doorbells.front().ps) / kPsPerNs;
    }
};

TEST_F(ExactMedia, FixedMediaLatenciesAreAdded) {
    simulate([this] {
        bring_up();
        const auto buffer = make_pattern(driver, 8192, 1);
        ASSERT_NE(driver.block_bytes(1), 0u);
        const auto fresh = [this] { trace.clear(); };
        fresh();
        EXPECT_EQ(time_of(driver.write(1, 0, 8, buffer)), 340u + 1'009);
        fresh();
        EXPECT_EQ(time_of(driver.write(1, 0, 8, buffer, true)), 340u + 150'003);
        fresh();
        EXPECT_EQ(time_of(driver.read(1, 0, 8, buffer)), 340u + 41'001);
        fresh();  // two operations of 4 KiB on one unit
        EXPECT_EQ(time_of(driver.read(1, 0, 16, buffer)), 340u + 2 * 41'001);
        fresh();
        EXPECT_EQ(time_of(driver.flush(1)), 340u + 77'007);
    });
}

/// The same random commands, checked against a copy, whatever the latencies.
class AnyLatency : public ProbedTest {
protected:
    using ProbedTest::ProbedTest;
    void run() {
        simulate(
            [this] {
                bring_up(3, 32);
                RandomIo io(driver, 21, 3);
                EXPECT_TRUE(io.run(400));
                EXPECT_EQ(driver.shutdown(), DriverError::kNone);
            },
            sc_core::sc_time(1000, sc_core::SC_SEC));
        EXPECT_EQ(driver.protocol_errors(), 0u);
        EXPECT_EQ(driver.missed_interrupts(), 0u);
    }
    static ControllerParams all(std::uint64_t latency_ns) {
        ControllerParams p;
        for (std::uint64_t* field :
             {&p.doorbell_to_fetch_ns, &p.firmware_per_command_ns, &p.admin_command_ns,
              &p.enable_time_ns, &p.disable_time_ns, &p.shutdown_time_ns, &p.link.latency_ns,
              &p.media.fixed.read_ns, &p.media.fixed.program_ns, &p.media.fixed.cache_write_ns,
              &p.media.fixed.flush_ns, &p.media.fixed.deallocate_ns})
            *field = latency_ns;
        return p;
    }
};

class NoLatency : public AnyLatency {
protected:
    static ControllerParams params() {
        ControllerParams p = all(0);
        p.link.gen = 0;
        return p;
    }
    NoLatency() : AnyLatency(params()) {}
};
TEST_F(NoLatency, AllLatenciesZeroGivesRightResults) {
    run();
}

TEST_F(NoLatency, AllLatenciesZeroMeansThatNoTimePasses) {
    simulate([this] {
        bring_up();
        const auto t = sc_core::sc_time_stamp();
        EXPECT_TRUE(verified_io(driver, 1));
        EXPECT_EQ(sc_core::sc_time_stamp(), t);
    });
}

class LongLatency : public AnyLatency {
protected:
    LongLatency() : AnyLatency(all(2'000'000)) {}
};
TEST_F(LongLatency, LatenciesOfMillisecondsGiveRightResults) {
    run();
}

class SlowMemory : public AnyLatency {
protected:
    static platform::HostPlatformParams host_params() {
        platform::HostPlatformParams p;
        p.memory.read_latency_ns = 90'000;
        p.memory.write_latency_ns = 40'000;
        return p;
    }
    SlowMemory() : AnyLatency({}, {}, host_params()) { probe.grant_dmi = true; }
};
TEST_F(SlowMemory, ASlowHostGivesRightResults) {
    run();
}

struct NanosecondClock {
    NanosecondClock() { sc_core::sc_set_time_resolution(1, sc_core::SC_NS); }
};
class CoarseClock : private NanosecondClock, public AnyLatency {};

TEST_F(CoarseClock, AResolutionOfOneNanosecondGivesRightResults) {
    run();
}

TEST_F(CoarseClock, WaitsAreRoundedUpToTheResolution) {
    simulate([this] {
        bring_up();
        trace.clear();
        const std::uint64_t t = now_ps();
        ASSERT_TRUE(driver.flush(1).ok());
        EXPECT_GE(trace.fetched.at(0).ps, t + 100 * kPsPerNs);
        EXPECT_EQ(trace.completed.at(0).ps % 1000, 0u);
    });
}

}  // namespace
}  // namespace nvme::test
