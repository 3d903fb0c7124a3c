// SPDX-License-Identifier: Apache-2.0
// CC and CSTS: enable, disable, shutdown, and what a host may do wrong with them.
#include <gtest/gtest.h>

#include "tests/sim/controller/probed_fixture.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;
using spec::Cc;
using spec::Csts;
using spec::Shn;
using spec::Shst;
namespace offset = spec::offset;

constexpr std::uint32_t kGoodCc = 0x0046'0000;  // entry sizes of 64 and 16 bytes

class LifecycleTest : public ProbedTest {
protected:
    void write_cc(std::uint32_t value) { driver.write32(offset::kCc, value); }
    void write_cc(Cc cc) { write_cc(cc.raw); }
    Cc read_cc() { return Cc::from(driver.read32(offset::kCc)); }
    bool rdy() { return driver.csts().get<Csts::Rdy>(); }
    bool cfs() { return driver.csts().get<Csts::Cfs>(); }
    Shst shst() { return driver.csts().get<Csts::Shst>(); }
    /// Longer than enabling, disabling and shutdown together.
    void settle() { sc_core::wait(us(3000)); }
    void expect_works(unsigned seed) {
        bring_up();
        EXPECT_TRUE(verified_io(driver, seed));
        EXPECT_FALSE(cfs());
    }
};

TEST_F(LifecycleTest, ReadyFollowsEnable) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        EXPECT_EQ(driver.csts().raw, 0u);
        write_cc(kGoodCc);
        settle();
        EXPECT_FALSE(rdy());
        write_cc(kGoodCc | 1);
        EXPECT_FALSE(rdy());
        sc_core::wait(us(999));
        EXPECT_FALSE(rdy());
        sc_core::wait(us(2));
        EXPECT_TRUE(rdy());
        write_cc(kGoodCc);
        EXPECT_TRUE(rdy()) << "until the reset has ended";
        sc_core::wait(us(101));
        EXPECT_FALSE(rdy());
    });
}

TEST_F(LifecycleTest, EntrySizesMayBeSetAfterEnabling) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const Cc cc = read_cc();
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        // Driver and controller agree on the admin queue; only the entry sizes are left out.
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        write_cc(cc.with<Cc::Iosqes>(0).with<Cc::Iocqes>(0));
        EXPECT_EQ(driver.create_cq({1, 16}).status, spec::StatusCode::kInvalidQueueSize);
        write_cc(cc);
        EXPECT_EQ(driver.create_io_queues(1, 16), DriverError::kNone);
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

TEST_F(LifecycleTest, AConfigurationThatIsNotSupportedIsFatalAndDisablingIsTheWayOut) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        const Cc good = Cc::from(kGoodCc | 1);
        const Cc bad[] = {good.with<Cc::Mps>(1),    good.with<Cc::Mps>(15),
                          good.with<Cc::Css>(1),    good.with<Cc::Css>(7),
                          good.with<Cc::Ams>(2),    good.with<Cc::Ams>(7),
                          good.with<Cc::Iosqes>(5), good.with<Cc::Iosqes>(7),
                          good.with<Cc::Iocqes>(3), good.with<Cc::Iocqes>(15)};
        for (const Cc cc : bad) {
            write_cc(cc);
            settle();
            EXPECT_TRUE(cfs()) << std::hex << cc.raw;
            EXPECT_FALSE(rdy()) << std::hex << cc.raw;
            EXPECT_EQ(read_cc().raw, cc.raw) << "the write is stored";
            write_cc(cc.with<Cc::En>(false));
            settle();
            EXPECT_EQ(driver.csts().raw, 0u);
        }
        expect_works(1);
    });
}

TEST_F(LifecycleTest, WritingZeroToEnWhileDisabledChangesNothing) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        driver.write32(offset::kAqa, 0x001f'001f);
        driver.write32(offset::kIntms, 0xff);
        trace.clear();
        write_cc(0u);
        write_cc(kGoodCc);
        settle();
        EXPECT_EQ(driver.csts().raw, 0u);
        EXPECT_EQ(read_cc().raw, kGoodCc);
        EXPECT_EQ(driver.read32(offset::kAqa), 0x001f'001fu);
        EXPECT_EQ(driver.read32(offset::kIntms), 0xffu) << "no reset has happened";
        expect_works(1);
    });
}

TEST_F(LifecycleTest, EnablingAgainWhileTheResetRunsTakesBothTimes) {
    simulate([this] {
        bring_up();
        driver.forget_everything();
        trace.clear();
        const std::uint64_t t = now_ps();
        write_cc(kGoodCc);
        sc_core::wait(us(10));
        write_cc(kGoodCc | 1);
        EXPECT_TRUE(rdy());
        settle();
        EXPECT_EQ(trace.when(1, 0), t + 100 * util::kPsPerUs);
        EXPECT_TRUE(rdy());
        EXPECT_EQ(trace.states.back().ps, t + 1'100 * util::kPsPerUs);
        expect_works(1);
    });
}

TEST_F(LifecycleTest, DisablingWhileBeingEnabledIsAReset) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        write_cc(kGoodCc | 1);
        sc_core::wait(us(500));
        write_cc(kGoodCc);
        settle();
        EXPECT_EQ(driver.csts().raw, 0u);
        expect_works(1);
    });
}

TEST_F(LifecycleTest, TogglingEnableInOneMomentEndsWithTheLastValue) {
    simulate([this] {
        for (const bool last : {true, false}) {
            ASSERT_EQ(driver.bring_up(), DriverError::kNone);
            for (unsigned i = 0; i < 7; ++i) {
                write_cc(kGoodCc);
                write_cc(kGoodCc | 1);
            }
            if (!last) write_cc(kGoodCc);
            settle();
            EXPECT_EQ(rdy(), last);
            EXPECT_FALSE(cfs());
            driver.forget_everything();
        }
        expect_works(1);
    });
}

TEST_F(LifecycleTest, ANormalShutdownFlushesAndAnAbruptOneNeedNot) {
    simulate([this] {
        for (const Shn how : {Shn::kNormal, Shn::kAbrupt}) {
            bring_up();
            EXPECT_TRUE(verified_io(driver, 5));
            auto& data = controller.subsystem().find(1)->data();
            EXPECT_NE(data.dirty_bytes(), 0u);
            ASSERT_EQ(driver.shutdown(how), DriverError::kNone);
            EXPECT_EQ(shst(), Shst::kComplete);
            EXPECT_TRUE(rdy());
            if (how == Shn::kNormal) {
                EXPECT_EQ(data.dirty_bytes(), 0u);
            }
            ASSERT_EQ(driver.disable(), DriverError::kNone);
            EXPECT_EQ(driver.csts().raw, 0u);
        }
    });
}

TEST_F(LifecycleTest, AfterAShutdownNoCommandIsFetchedUntilAReset) {
    simulate([this] {
        bring_up();
        ASSERT_EQ(driver.shutdown(Shn::kAbrupt), DriverError::kNone);
        const auto down = sc_core::sc_time_stamp();
        (void)driver.submit(1, commands::flush(1));
        (void)driver.submit(0, commands::identify(spec::Cns::kController));
        settle();
        EXPECT_EQ(probe.after(down), 0u);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(shst(), Shst::kNormalOperation);
        expect_works(2);
    });
}

TEST_F(LifecycleTest, CommandsInExecutionEndBeforeAShutdownIsComplete) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(4096);
        std::vector<platform::Ticket> tickets;
        for (unsigned i = 0; i < 20; ++i)
            tickets.push_back(driver.submit(1, commands::read(1, i * 8, 8), buffer));
        sc_core::wait(us(10));
        ASSERT_EQ(driver.shutdown(Shn::kAbrupt), DriverError::kNone);
        for (const auto& t : tickets) {
            EXPECT_TRUE(driver.done(t) || driver.poll(1) != 0);
            EXPECT_TRUE(driver.wait(t, us(1)).ok());
        }
    });
}

// A host frees the memory of its queues when CSTS.SHST says that the shutdown is complete.
TEST_F(LifecycleTest, AnAdminCommandInExecutionEndsBeforeAShutdownIsComplete) {
    simulate([this] {
        bring_up();
        const auto data = driver.allocate(1 << 18);
        for (std::uint64_t lba = 0; lba < 4096; lba += 512)
            EXPECT_TRUE(driver.write(1, lba, 512, data).ok());
        spec::SubmissionEntry off{};  // takes until the write cache has been programmed
        off.cdw0 = static_cast<std::uint8_t>(spec::AdminOpcode::kSetFeatures);
        off.cdw10 = static_cast<std::uint8_t>(spec::FeatureId::kVolatileWriteCache);
        const auto slow = driver.submit(0, off);
        sc_core::wait(us(50));
        EXPECT_FALSE(driver.done(slow));
        ASSERT_EQ(driver.shutdown(Shn::kAbrupt), DriverError::kNone);
        const auto down = sc_core::sc_time_stamp();
        EXPECT_TRUE(driver.done(slow) || driver.poll(0) != 0);
        settle();
        EXPECT_EQ(probe.after(down), 0u);
    });
}

TEST_F(LifecycleTest, AShutdownWhileDisabledCompletesAndTheControllerCanBeEnabled) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        write_cc(Cc::from(kGoodCc).with<Cc::Shn>(Shn::kNormal));
        EXPECT_EQ(shst(), Shst::kOccurring);
        settle();
        EXPECT_EQ(shst(), Shst::kComplete);
        EXPECT_FALSE(rdy());
        expect_works(3);
        EXPECT_EQ(shst(), Shst::kNormalOperation);
    });
}

TEST_F(LifecycleTest, ReservedShutdownNotificationsDoNothing) {
    simulate([this] {
        bring_up();
        write_cc(read_cc().with<Cc::Shn>(Shn::kReserved));
        settle();
        EXPECT_EQ(shst(), Shst::kNormalOperation);
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

TEST_F(LifecycleTest, AResetDuringAShutdownEndsIt) {
    simulate([this] {
        bring_up();
        EXPECT_TRUE(verified_io(driver, 4));
        write_cc(read_cc().with<Cc::Shn>(Shn::kNormal));
        sc_core::wait(us(50));
        EXPECT_EQ(shst(), Shst::kOccurring);
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        EXPECT_EQ(shst(), Shst::kNormalOperation);
        settle();
        EXPECT_EQ(driver.csts().raw, 0u);
        expect_works(5);
    });
}

// Pre-fix, the reset swallowed the shutdown: a host that disables and shuts down in one write
// waited for CSTS.SHST = 10b until its timeout, and what the cache held was lost with the power.
TEST_F(LifecycleTest, OneWriteMayResetAndShutDown) {
    simulate([this] {
        for (const Shn how : {Shn::kNormal, Shn::kAbrupt}) {
            bring_up();
            EXPECT_TRUE(verified_io(driver, 6));
            auto& data = controller.subsystem().find(1)->data();
            EXPECT_NE(data.dirty_bytes(), 0u);
            write_cc(read_cc().with<Cc::En>(false).with<Cc::Shn>(how));
            EXPECT_EQ(shst(), Shst::kOccurring);
            EXPECT_EQ(read_cc().raw, Cc{}.with<Cc::Shn>(how).raw) << "all else is reset";
            driver.forget_everything();
            settle();
            EXPECT_FALSE(rdy());
            EXPECT_EQ(shst(), Shst::kComplete);
            if (how == Shn::kNormal) {
                EXPECT_EQ(data.dirty_bytes(), 0u);
            }
        }
        expect_works(7);
        EXPECT_EQ(shst(), Shst::kNormalOperation);
    });
}

// A host that does not wait for it gets a controller that works all the same, when it is over.
TEST_F(LifecycleTest, EnablingDuringAShutdownWaitsForItsEnd) {
    simulate([this] {
        bring_up();
        EXPECT_TRUE(verified_io(driver, 8));
        write_cc(read_cc().with<Cc::En>(false).with<Cc::Shn>(Shn::kNormal));
        sc_core::wait(us(150));
        EXPECT_FALSE(rdy());
        EXPECT_EQ(shst(), Shst::kOccurring);
        driver.forget_everything();
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(shst(), Shst::kNormalOperation);
        expect_works(9);
    });
}

TEST_F(LifecycleTest, ReadyIndependentOfMediaCannotBeAskedFor) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        write_cc(Cc::from(kGoodCc | 1).with<Cc::Crime>(true));
        EXPECT_EQ(read_cc().raw, kGoodCc | 1) << "CAP.CRMS is not 11b";
        settle();
        EXPECT_TRUE(rdy());
    });
}

TEST_F(LifecycleTest, AdminQueueRegistersCannotBeChangedWhileEnabled) {
    simulate([this] {
        bring_up();
        const auto aqa = driver.read32(offset::kAqa);
        const auto asq = driver.read64(offset::kAsq), acq = driver.read64(offset::kAcq);
        driver.write32(offset::kAqa, 0);
        driver.write64(offset::kAsq, 0);
        driver.write32(offset::kAcq, 0);
        EXPECT_EQ(driver.read32(offset::kAqa), aqa);
        EXPECT_EQ(driver.read64(offset::kAsq), asq);
        EXPECT_EQ(driver.read64(offset::kAcq), acq);
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

TEST_F(LifecycleTest, DoorbellsWrittenWhileNotReadyAreForgotten) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        for (unsigned q = 0; q < 8; ++q) driver.write32(offset::kDoorbells + 4 * q, 3);
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(1, 16), DriverError::kNone);
        EXPECT_TRUE(verified_io(driver, 1));
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
