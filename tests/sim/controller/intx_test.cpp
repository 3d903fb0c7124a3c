// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "models/pcie/config_registers.h"
#include "tests/sim/controller/probed_fixture.h"
#include "tests/sim/controller/random_io.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;

class Intx : public ProbedTest {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.intx = true;
        return p;
    }
    static platform::DriverOptions options(platform::InterruptMode mode) {
        platform::DriverOptions o;
        o.interrupts = mode;
        return o;
    }
    explicit Intx(platform::InterruptMode mode = platform::InterruptMode::kIntx)
        : ProbedTest(params(), options(mode)) {}

    bool wire() { return host.interrupts.wire(0); }
    bool status_bit() {
        return (host.cpu.config_read<std::uint16_t>(0, pcie::reg::kStatus) &
                pcie::reg::kStatusInterrupt) != 0;
    }
    /// Completes one command and leaves its completion unacknowledged.
    platform::Ticket leave_one(std::uint16_t qid = 1) {
        const auto ticket = driver.submit(qid, commands::flush(1));
        sc_core::wait(us(500));
        return ticket;
    }
    void settle() { sc_core::wait(ns(10)); }
};

TEST_F(Intx, TheDriverDoesVerifiedIoByTheWire) {
    simulate([this] {
        bring_up(3);
        RandomIo io(driver, 4, 3);
        EXPECT_TRUE(io.run(300));
        EXPECT_EQ(driver.shutdown(), DriverError::kNone);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
    for (const DmaAccess& a : probe.log) EXPECT_FALSE(a.message());
}

TEST_F(Intx, TheWireIsHighWhileAnyCompletionIsUnacknowledged) {
    simulate([this] {
        bring_up(2);
        settle();
        EXPECT_FALSE(wire());
        const auto first = leave_one(1);
        EXPECT_TRUE(wire());
        EXPECT_TRUE(status_bit());
        const auto second = leave_one(2);
        driver.poll(1);
        settle();
        EXPECT_TRUE(wire()) << "queue 2 still has one";
        driver.poll(2);
        settle();
        EXPECT_FALSE(wire());
        EXPECT_FALSE(status_bit());
        EXPECT_TRUE(driver.wait(first).ok());
        EXPECT_TRUE(driver.wait(second).ok());
    });
}

TEST_F(Intx, APartlyAcknowledgedQueueKeepsTheWireHigh) {
    simulate([this] {
        bring_up();
        leave_one();
        leave_one();
        driver.write32(driver.cq_doorbell(1), 1);
        settle();
        EXPECT_TRUE(wire());
        driver.write32(driver.cq_doorbell(1), 2);
        settle();
        EXPECT_FALSE(wire());
    });
}

TEST_F(Intx, IntmsLowersTheWireAndIntmcRaisesItAgain) {
    simulate([this] {
        bring_up();
        leave_one();
        driver.write32(spec::offset::kIntms, 1);
        settle();
        EXPECT_FALSE(wire());
        EXPECT_EQ(driver.read32(spec::offset::kIntms), 1u);
        EXPECT_EQ(driver.read32(spec::offset::kIntmc), 1u);
        driver.write32(spec::offset::kIntmc, 2);
        settle();
        EXPECT_FALSE(wire()) << "another bit";
        driver.write32(spec::offset::kIntmc, 1);
        settle();
        EXPECT_TRUE(wire());
        EXPECT_EQ(driver.read32(spec::offset::kIntms), 0u);
    });
}

TEST_F(Intx, InterruptDisableLowersTheWireButNotTheStatusBit) {
    simulate([this] {
        bring_up();
        leave_one();
        driver.pci().set_intx_disable(true);
        settle();
        EXPECT_FALSE(wire());
        EXPECT_TRUE(status_bit());
        driver.pci().set_intx_disable(false);
        settle();
        EXPECT_TRUE(wire());
    });
}

TEST_F(Intx, TheWireIsUnusedWhileMsixIsEnabled) {
    simulate([this] {
        bring_up();
        driver.pci().set_msix(true, false);
        leave_one();
        EXPECT_FALSE(wire());
        driver.pci().set_msix(false, false);
        settle();
        EXPECT_TRUE(wire());
        driver.pci().set_msix(true, false);
        settle();
        EXPECT_FALSE(wire());
    });
}

TEST_F(Intx, AQueueWithoutInterruptsLeavesTheWireLow) {
    simulate([this] {
        bring_up(2);
        ASSERT_TRUE(driver.delete_queue_pair(2).ok());
        ASSERT_TRUE(driver.create_queue_pair({2, 32, 0, 0, 0, false}).ok());
        leave_one(2);
        EXPECT_FALSE(wire());
        EXPECT_GE(driver.poll(2), 1u);
    });
}

TEST_F(Intx, DeletingTheQueueLowersTheWire) {
    simulate([this] {
        bring_up(2);
        // Polled from here on, so that nobody serves queue 2 along with the admin queue.
        const auto remove = [this](spec::AdminOpcode opcode) {
            spec::SubmissionEntry entry = commands::make(opcode);
            entry.cdw10 = 2;
            const auto ticket = driver.submit(0, entry);
            sc_core::wait(us(100));
            driver.poll(0);
            EXPECT_TRUE(driver.wait(ticket).ok());
            settle();
        };
        leave_one(2);
        remove(spec::AdminOpcode::kDeleteIoSq);
        EXPECT_TRUE(wire()) << "the completion queue is still there";
        remove(spec::AdminOpcode::kDeleteIoCq);
        EXPECT_FALSE(wire());
    });
}

TEST_F(Intx, EveryResetLowersTheWire) {
    simulate([this] {
        bring_up();
        leave_one();
        EXPECT_TRUE(wire());
        EXPECT_EQ(driver.disable(), DriverError::kNone);
        settle();
        EXPECT_FALSE(wire());
        EXPECT_FALSE(status_bit());

        bring_up();
        leave_one();
        EXPECT_TRUE(wire());
        EXPECT_EQ(driver.function_level_reset(), DriverError::kNone);
        EXPECT_FALSE(wire());

        bring_up();
        leave_one();
        EXPECT_TRUE(wire());
        EXPECT_EQ(driver.subsystem_reset(), DriverError::kNone);
        EXPECT_FALSE(wire());

        bring_up();
        leave_one();
        EXPECT_TRUE(wire());
        driver.fundamental_reset();
        EXPECT_FALSE(wire());

        bring_up();
        leave_one();
        controller.power_cut();
        settle();
        EXPECT_FALSE(wire());
        controller.power_on();
        driver.forget_everything();
        bring_up();
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

class NoIntx : public ProbedTest {
protected:
    static platform::DriverOptions polled() {
        platform::DriverOptions o;
        o.interrupts = platform::InterruptMode::kPolled;
        return o;
    }
    NoIntx() : ProbedTest({}, polled()) {}
};

TEST_F(NoIntx, WithoutTheParameterThereIsNeitherPinNorLevel) {
    simulate([this] {
        EXPECT_EQ(host.cpu.config_read<std::uint8_t>(0, pcie::reg::kInterruptPin), 0u);
        bring_up();
        driver.pci().set_intx_disable(false);
        (void)driver.submit(1, commands::flush(1));
        sc_core::wait(us(500));
        EXPECT_FALSE(host.interrupts.wire(0));
        EXPECT_GE(driver.poll(1), 1u);
    });
}

}  // namespace
}  // namespace nvme::test
