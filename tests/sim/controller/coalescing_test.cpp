// SPDX-License-Identifier: Apache-2.0
// Interrupts that are held back. [NVMe-Base-2.0 5.27.1.6 Interrupt Coalescing]
#include "tests/sim/controller/probed_fixture.h"
#include "tests/sim/controller/random_io.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;
using spec::FeatureId;
using util::kPsPerUs;

class Coalescing : public ProbedTest {
protected:
    static ControllerParams instant() {
        ControllerParams p;
        p.link.gen = 0;
        p.media.model = media::Model::kNone;
        p.doorbell_to_fetch_ns = p.firmware_per_command_ns = 0;
        return p;
    }
    explicit Coalescing(ControllerParams params = instant(),
                        const platform::DriverOptions& options = {})
        : ProbedTest(params, options) {}

    /// An interrupt after `entries` completions, or `hundreds_us` after the first of them.
    void coalesce(unsigned entries, unsigned hundreds_us) {
        using C = spec::InterruptCoalescingCdw11;
        const auto value = C{}.with<C::Thr>(entries - 1).with<C::Time>(hundreds_us).raw;
        ASSERT_TRUE(driver.set_features(FeatureId::kInterruptCoalescing, value).ok());
    }
    void exempt(std::uint16_t vector, bool disabled = true) {
        using V = spec::InterruptVectorConfigCdw11;
        const auto value = V{}.with<V::Iv>(vector).with<V::Cd>(disabled).raw;
        ASSERT_TRUE(driver.set_features(FeatureId::kInterruptVectorConfig, value).ok());
    }
    void complete(unsigned n, std::uint16_t qid = 1) {
        for (unsigned i = 0; i < n; ++i) {
            (void)driver.submit(qid, commands::flush(1));
            sc_core::wait(ns(1));
        }
    }
    std::uint64_t before = 0;
    void mark(unsigned vector = 1) {
        before = messages(vector);
        trace.clear();
    }
    std::uint64_t since(unsigned vector = 1) { return messages(vector) - before; }
};

TEST_F(Coalescing, InterruptComesWithTheLastEntryOfTheThreshold) {
    simulate([this] {
        bring_up();
        coalesce(4, 255);
        mark();
        complete(3);
        sc_core::wait(us(20'000));
        EXPECT_EQ(since(), 0u);
        complete(1);
        EXPECT_EQ(since(), 1u);
        EXPECT_EQ(trace.interrupts.at(0).ps, trace.completed.at(3).ps);
        complete(8);
        EXPECT_EQ(since(), 3u);
    });
}

TEST_F(Coalescing, InterruptComesWhenTheFirstEntryHasWaitedForTheAggregationTime) {
    simulate([this] {
        bring_up();
        for (const unsigned hundreds : {1u, 3u, 255u}) {
            coalesce(100, hundreds);
            mark();
            complete(2);
            sc_core::wait(us(30));
            complete(3);
            sc_core::wait(us(hundreds * 100.0));
            ASSERT_EQ(since(), 1u);
            EXPECT_EQ(trace.interrupts.at(0).ps,
                      trace.completed.at(0).ps + hundreds * 100 * kPsPerUs);
            sc_core::wait(us(30'000));
            EXPECT_EQ(since(), 1u) << "told of once";
            (void)driver.poll(1);
        }
    });
}

TEST_F(Coalescing, EitherFieldZeroTurnsItOff) {
    simulate([this] {
        bring_up();
        coalesce(1, 100);
        mark();
        complete(3);
        EXPECT_EQ(since(), 3u);
        coalesce(8, 0);
        complete(3);
        EXPECT_EQ(since(), 6u);
    });
}

TEST_F(Coalescing, TurningItOffReleasesWhatIsHeld) {
    simulate([this] {
        bring_up(2);
        coalesce(100, 255);
        mark();
        complete(2);
        EXPECT_EQ(since(), 0u);
        coalesce(1, 0);
        sc_core::wait(ns(1));
        EXPECT_EQ(since(), 1u);
        coalesce(100, 255);
        complete(2);
        exempt(1);
        sc_core::wait(ns(1));
        EXPECT_EQ(since(), 2u);
    });
}

TEST_F(Coalescing, VectorWithCoalescingDisabledInterruptsAtOnceAndTheOthersDoNot) {
    simulate([this] {
        bring_up(2);
        coalesce(100, 10);
        exempt(1);
        const std::uint64_t first = messages(1), second = messages(2);
        complete(3, 1);
        complete(3, 2);
        EXPECT_EQ(messages(1), first + 3);
        EXPECT_EQ(messages(2), second);
        sc_core::wait(us(1'000));
        EXPECT_EQ(messages(2), second + 1);
        exempt(1, false);
        complete(3, 1);
        EXPECT_EQ(messages(1), first + 3);
    });
}

TEST_F(Coalescing, AdminCompletionsNeverWait) {
    simulate([this] {
        bring_up();
        coalesce(100, 255);
        for (int i = 0; i < 5; ++i) {
            const std::uint64_t t = now_ps();
            ASSERT_TRUE(driver.get_features(FeatureId::kArbitration).ok());
            EXPECT_LT(now_ps() - t, 10 * kPsPerUs);
        }
    });
}

TEST_F(Coalescing, QueuesThatShareAVectorAreCountedTogether) {
    simulate([this] {
        bring_up(3);
        ASSERT_TRUE(driver.delete_queue_pair(3).ok());
        ASSERT_TRUE(driver.create_cq({3, 64, 1}).ok());
        ASSERT_TRUE(driver.create_sq({3, 64, 3}).ok());
        coalesce(4, 50);
        mark();
        complete(2, 1);
        complete(2, 3);
        EXPECT_EQ(since(), 1u);
        sc_core::wait(us(10'000));
        EXPECT_EQ(since(), 1u) << "both are told of";
        complete(1, 1);
        complete(1, 3);
        // The queue that began goes away: nobody waits for ever.
        ASSERT_TRUE(driver.delete_queue_pair(1).ok());
        sc_core::wait(us(10'000));
        EXPECT_EQ(since(), 2u);
    });
}

TEST_F(Coalescing, MaskedVectorKeepsItsInterruptUntilTheMaskIsGone) {
    simulate([this] {
        bring_up();
        coalesce(4, 1);
        driver.pci().set_msix(true, true);
        mark();
        complete(2);
        sc_core::wait(us(500));
        EXPECT_EQ(since(), 0u);
        driver.pci().set_msix(true, false);
        sc_core::wait(us(1));
        EXPECT_EQ(since(), 1u);
    });
}

TEST_F(Coalescing, ResetForgetsSettingsAndHeldInterrupts) {
    simulate([this] {
        bring_up();
        coalesce(100, 10);
        complete(3);
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        mark();
        sc_core::wait(us(5'000));
        EXPECT_EQ(since(), 0u);
        bring_up();
        EXPECT_EQ(driver.get_features(FeatureId::kInterruptCoalescing).dw0, 0u);
        mark();
        complete(1);
        EXPECT_EQ(since(), 1u);
    });
}

TEST_F(Coalescing, VerifiedIoMissesNoInterrupt) {
    simulate([this] {
        bring_up(3);
        RandomIo io(driver, 1, 3);
        for (const unsigned entries : {2u, 3u, 7u, 256u}) {
            coalesce(entries, 1);
            EXPECT_TRUE(io.run(200));
        }
        EXPECT_EQ(driver.shutdown(), DriverError::kNone);
    });
    EXPECT_EQ(driver.missed_interrupts(), 0u);
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(Coalescing, VerifiedIoMissesNoInterruptWhenEveryAccessWaits) {
    simulate([this] {
        bring_up(3);
        slow_down(us(2));
        RandomIo io(driver, 2, 3);
        for (const unsigned entries : {2u, 5u}) {
            coalesce(entries, 1);
            EXPECT_TRUE(io.run(100));
        }
    });
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

class CoalescingOnTheWire : public Coalescing {
protected:
    static ControllerParams with_wire() {
        ControllerParams p = instant();
        p.intx = true;
        return p;
    }
    static platform::DriverOptions options() {
        platform::DriverOptions o;
        o.interrupts = platform::InterruptMode::kIntx;
        return o;
    }
    CoalescingOnTheWire() : Coalescing(with_wire(), options()) {}
    bool wire() { return host.interrupts.wire(0); }
};

TEST_F(CoalescingOnTheWire, WireRisesWhenTheThresholdIsReachedOrTheTimeIsOver) {
    simulate([this] {
        bring_up();
        coalesce(3, 2);
        sc_core::wait(us(10));
        ASSERT_FALSE(wire());
        complete(2);
        sc_core::wait(us(1));
        EXPECT_FALSE(wire());
        complete(1);
        sc_core::wait(us(1));
        EXPECT_TRUE(wire());
        EXPECT_EQ(driver.poll(1), 3u);
        sc_core::wait(us(1));
        EXPECT_FALSE(wire());
        complete(1);
        sc_core::wait(us(198));
        EXPECT_FALSE(wire());
        sc_core::wait(us(3));
        EXPECT_TRUE(wire());
        complete(1);
        (void)driver.poll(1);
        sc_core::wait(us(1));
        EXPECT_FALSE(wire());
        RandomIo io(driver, 1, 1);
        EXPECT_TRUE(io.run(100));
    });
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

}  // namespace
}  // namespace nvme::test
