// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "tests/support/core_harness.h"

// Enable, ready, refused configurations and shutdown of the core controller.
namespace nvme::test {
namespace {
using spec::Cc;
using spec::Csts;
using spec::NvmOpcode;
using spec::Shn;
using spec::Shst;
using spec::StatusCode;
using util::kPsPerNs;
using util::kPsPerUs;
namespace offset = spec::offset;

ControllerParams timed_params() {
    ControllerParams p = instant_params();
    p.enable_time_ns = 1000;
    p.disable_time_ns = 500;
    p.shutdown_time_ns = 2000;
    return p;
}

void shut_down(CoreHarness& h, Shn kind) {
    h.write32(offset::kCc, Cc::from(h.read32(offset::kCc)).with<Cc::Shn>(kind).raw);
}

Shst shutdown_status(const CoreHarness& h) {
    return h.csts().get<Csts::Shst>();
}

bool block_is(CoreHarness& h, std::uint64_t offset, std::uint8_t value) {
    std::vector<std::uint8_t> block(512);
    EXPECT_EQ(h.subsystem.find(1)->data().read(offset, block.data(), block.size()),
              media::IoStatus::kOk);
    return block == std::vector<std::uint8_t>(512, value);
}

TEST(Enable, WithoutDelaysTheControllerIsReadyAtOnce) {
    CoreHarness h;
    EXPECT_FALSE(h.ready());
    h.enable();
    EXPECT_EQ(h.clock.now(), 0u);
    h.disable();
    h.enable();
    EXPECT_EQ(h.clock.now(), 0u);
}

TEST(Enable, ReadyRisesAndFallsAfterTheConfiguredTimes) {
    CoreHarness h(timed_params());
    h.start_enable();
    h.run_for(1000 * kPsPerNs - 1);
    EXPECT_FALSE(h.ready());
    h.run_for(1);
    EXPECT_TRUE(h.ready());
    h.write32(offset::kCc, 0);
    h.run_for(500 * kPsPerNs - 1);
    EXPECT_TRUE(h.ready());
    h.run_for(1);
    EXPECT_FALSE(h.ready());
}

TEST(Enable, AnAnnotatedDelayOfTheWriteCounts) {
    CoreHarness h(timed_params());
    h.start_enable(32, CoreHarness::default_cc().with<Cc::En>(false));
    h.write32(offset::kCc, CoreHarness::default_cc().raw, 300 * kPsPerNs);
    h.run_for(1300 * kPsPerNs - 1);
    EXPECT_FALSE(h.ready());
    h.run_for(1);
    EXPECT_TRUE(h.ready());
}

TEST(Enable, EnablingBeforeReadyHasFallenWaitsForIt) {
    CoreHarness h(timed_params());
    h.enable();
    h.write32(offset::kCc, 0);
    h.write32(offset::kCc, CoreHarness::default_cc().raw);
    h.run_for(500 * kPsPerNs);
    EXPECT_FALSE(h.ready());
    h.run_for(1000 * kPsPerNs);
    EXPECT_TRUE(h.ready());
}

TEST(Enable, DisablingBeforeReadyEndsIt) {
    CoreHarness h(timed_params());
    h.start_enable();
    h.run_for(500 * kPsPerNs);
    h.write32(offset::kCc, 0);
    h.settle();
    EXPECT_FALSE(h.ready());
    EXPECT_FALSE(h.fatal());
    h.add_namespace(1, 1 << 16);
    h.expect_service(1);
}

TEST(Enable, NothingHappensWithoutEnAndTheOtherFieldsMayBeSetBefore) {
    CoreHarness h;
    h.start_enable(32, CoreHarness::default_cc().with<Cc::En>(false));
    h.settle();
    EXPECT_FALSE(h.ready());
    h.write32(offset::kCc, CoreHarness::default_cc().raw);
    h.settle();
    EXPECT_TRUE(h.ready());
}

TEST(Enable, UnsupportedConfigurationsAreFatalUntilTheControllerIsDisabled) {
    const Cc good = CoreHarness::default_cc();
    const std::vector<Cc> bad{good.with<Cc::Mps>(1),    good.with<Cc::Mps>(15),
                              good.with<Cc::Css>(1),    good.with<Cc::Css>(5),
                              good.with<Cc::Ams>(2),    good.with<Cc::Ams>(7),
                              good.with<Cc::Iosqes>(5), good.with<Cc::Iosqes>(15),
                              good.with<Cc::Iocqes>(3), good.with<Cc::Iocqes>(6)};
    CoreHarness h;
    h.add_namespace(1, 1 << 16);
    for (const Cc cc : bad) {
        h.start_enable(32, cc);
        h.settle();
        EXPECT_TRUE(h.fatal()) << std::hex << cc.raw;
        EXPECT_FALSE(h.ready()) << std::hex << cc.raw;
        h.expect_service(1);
        EXPECT_FALSE(h.fatal());
        h.disable();
    }
}

TEST(Enable, LargerPagesAreTakenFromCc) {
    ControllerParams p = instant_params();
    p.mps_max = 4;
    CoreHarness h(p);
    h.add_namespace(1, 1 << 20);
    for (std::uint32_t mps = 0; mps <= 4; ++mps) {
        h.enable(32, CoreHarness::default_cc().with<Cc::Mps>(mps));
        EXPECT_EQ(h.controller->state().page_size, 4096u << mps);
        HostQueue q = h.create_queues(1, 8);
        const std::uint64_t data = h.alloc(1 << 17);
        const auto read =
            io_command(NvmOpcode::kRead, 1, 0, (8192u << mps) / 512, data, data + (4096u << mps));
        EXPECT_EQ(status_of(h.execute(q, read)), StatusCode::kSuccess);
        h.disable();
    }
}

TEST(Enable, AnAdminQueueOfOneEntryIsTakenAsTwo) {
    CoreHarness h;
    h.start_enable(2, CoreHarness::default_cc().with<Cc::En>(false));
    h.write32(offset::kAqa, 0);
    h.write32(offset::kCc, CoreHarness::default_cc().raw);
    h.settle();
    ASSERT_TRUE(h.ready());
    for (int i = 0; i < 5; ++i) {
        auto get = admin_command(spec::AdminOpcode::kGetFeatures);
        get.cdw10 = 7;
        EXPECT_EQ(status_of(h.admin(get)), StatusCode::kSuccess);
    }
}

class ShutdownTest : public testing::Test {
protected:
    ShutdownTest() {
        h.add_namespace(1, 1 << 20);
        h.enable();
        q = h.create_queues(1, 16);
        data = h.alloc(4096);
        for (std::uint64_t i = 0; i < 512; ++i) h.memory.put<std::uint8_t>(data + i, 0x5a);
    }
    std::uint16_t submit_write(std::uint64_t slba) {
        const auto cid = h.push(q, io_command(NvmOpcode::kWrite, 1, slba, 1, data));
        h.ring_tail(q);
        return cid;
    }
    CoreHarness h{[] {
        ControllerParams p = timed_params();
        p.media.model = media::Model::kFixed;
        p.media.fixed.cache_write_ns = 10'000;
        return p;
    }()};
    HostQueue q;
    std::uint64_t data = 0;
};

TEST_F(ShutdownTest, ANormalShutdownMakesTheCacheDurable) {
    submit_write(0);
    h.settle();
    ASSERT_TRUE(h.poll(q));
    shut_down(h, Shn::kNormal);
    EXPECT_EQ(shutdown_status(h), Shst::kOccurring);
    h.settle();
    EXPECT_EQ(shutdown_status(h), Shst::kComplete);
    EXPECT_TRUE(h.ready()) << "CC.EN is still 1";
    h.subsystem.set_power(false);
    EXPECT_TRUE(block_is(h, 0, 0x5a));
    EXPECT_EQ(h.controller->smart().unsafe_shutdowns.low, 0u);
}

TEST_F(ShutdownTest, AnAbruptShutdownDoesNotSpendTimeOnTheCache) {
    submit_write(0);
    h.settle();
    const auto start = h.clock.now();
    shut_down(h, Shn::kAbrupt);
    h.settle();
    EXPECT_EQ(shutdown_status(h), Shst::kComplete);
    EXPECT_EQ(h.clock.now() - start, 2000 * kPsPerNs);
    h.subsystem.set_power(false);
    EXPECT_TRUE(block_is(h, 0, 0));
}

TEST_F(ShutdownTest, CommandsInExecutionEndFirstAndNewOnesAreNotTaken) {
    submit_write(0);
    h.run_for(kPsPerUs);
    shut_down(h, Shn::kNormal);
    submit_write(1);
    h.run_for(8 * kPsPerUs);
    EXPECT_EQ(shutdown_status(h), Shst::kOccurring);
    EXPECT_FALSE(h.poll(q));
    h.settle();
    EXPECT_EQ(shutdown_status(h), Shst::kComplete);
    EXPECT_TRUE(h.poll(q));
    EXPECT_FALSE(h.poll(q)) << "the second write was rung after the notification";
    EXPECT_TRUE(block_is(h, 0, 0x5a));
    EXPECT_TRUE(block_is(h, 512, 0));
}

TEST_F(ShutdownTest, AHostThatDoesNotDrainItsCompletionQueueDoesNotHinderIt) {
    HostQueue small = h.create_queues(2, 4);
    for (int lap = 0; lap < 2; ++lap) {
        for (int i = 0; i < 3; ++i) h.push(small, io_command(NvmOpcode::kFlush, 1));
        h.ring_tail(small);
        h.settle();  // the second three wait for room
    }
    shut_down(h, Shn::kNormal);
    h.settle();
    EXPECT_EQ(shutdown_status(h), Shst::kComplete);
}

TEST_F(ShutdownTest, CommandsThatCannotEndWithoutBusMasterDoNotHinderIt) {
    submit_write(0);
    h.run_for(kPsPerUs);
    h.set_bus_master(false);
    shut_down(h, Shn::kNormal);
    h.settle();
    EXPECT_EQ(shutdown_status(h), Shst::kComplete);
}

TEST_F(ShutdownTest, ADisabledControllerShutsDownToo) {
    submit_write(0);
    h.settle();
    h.disable();
    shut_down(h, Shn::kNormal);
    h.settle();
    EXPECT_EQ(shutdown_status(h), Shst::kComplete);
    EXPECT_FALSE(h.ready());
}

TEST_F(ShutdownTest, ANotificationWhileEnablingIsServedWhenReady) {
    h.disable();
    h.start_enable();
    shut_down(h, Shn::kNormal);
    h.run_for(1000 * kPsPerNs - 1);
    EXPECT_EQ(shutdown_status(h), Shst::kOccurring);
    h.settle();
    EXPECT_TRUE(h.ready());
    EXPECT_EQ(shutdown_status(h), Shst::kComplete);
}

TEST_F(ShutdownTest, AResetMakesTheControllerUsableAgain) {
    shut_down(h, Shn::kNormal);
    h.settle();
    h.write32(offset::kCc, 0);
    EXPECT_EQ(shutdown_status(h), Shst::kNormalOperation);
    h.settle();
    h.expect_service(1);
}

TEST_F(ShutdownTest, AResetEndsAShutdownThatIsUnderWay) {
    shut_down(h, Shn::kNormal);
    h.run_for(1000 * kPsPerNs);
    h.write32(offset::kCc, 0);
    h.settle();
    EXPECT_EQ(shutdown_status(h), Shst::kNormalOperation);
    h.expect_service(1);
}

TEST_F(ShutdownTest, AResetAndANotificationInOneWriteBothHappen) {
    submit_write(0);
    h.settle();
    h.write32(offset::kCc,
              CoreHarness::default_cc().with<Cc::En>(false).with<Cc::Shn>(Shn::kNormal).raw);
    EXPECT_EQ(shutdown_status(h), Shst::kOccurring);
    EXPECT_TRUE(h.ready()) << "until the reset has ended";
    h.settle();
    EXPECT_FALSE(h.ready());
    EXPECT_EQ(shutdown_status(h), Shst::kComplete);
    h.subsystem.set_power(false);
    EXPECT_TRUE(block_is(h, 0, 0x5a));
    EXPECT_EQ(h.controller->smart().unsafe_shutdowns.low, 0u);
}

TEST_F(ShutdownTest, ANotificationThatTheResetRepeatsIsNoNewOne) {
    shut_down(h, Shn::kNormal);
    h.settle();
    ASSERT_EQ(shutdown_status(h), Shst::kComplete);
    h.write32(offset::kCc, Cc::from(h.read32(offset::kCc)).with<Cc::En>(false).raw);
    h.settle();
    EXPECT_EQ(h.csts().raw, 0u);
    h.expect_service(1);
}

TEST_F(ShutdownTest, ANotificationThatIsTakenBackIsServedBeforeTheControllerIsReady) {
    const Cc off = CoreHarness::default_cc().with<Cc::En>(false);
    h.write32(offset::kCc, off.with<Cc::Shn>(Shn::kNormal).raw);
    h.run_for(600 * kPsPerNs);
    ASSERT_FALSE(h.ready());
    h.start_enable();
    h.run_for(1300 * kPsPerNs);
    EXPECT_FALSE(h.ready());
    EXPECT_EQ(shutdown_status(h), Shst::kOccurring);
    h.settle();
    EXPECT_TRUE(h.ready());
    EXPECT_EQ(shutdown_status(h), Shst::kNormalOperation);
    h.expect_service(1);
}

TEST_F(ShutdownTest, APowerCutWithoutNotificationIsUnsafeAndLosesTheCache) {
    submit_write(0);
    h.settle();
    h.subsystem.set_power(false);
    EXPECT_TRUE(block_is(h, 0, 0));
    EXPECT_EQ(h.controller->smart().unsafe_shutdowns.low, 1u);
    h.subsystem.set_power(false);
    EXPECT_EQ(h.controller->smart().unsafe_shutdowns.low, 1u) << "it was off already";
}

TEST_F(ShutdownTest, TheReservedNotificationIsNone) {
    shut_down(h, Shn::kReserved);
    h.settle();
    EXPECT_EQ(shutdown_status(h), Shst::kNormalOperation);
    h.write_and_verify(q, 1, 3);
}

}  // namespace
}  // namespace nvme::test
