// SPDX-License-Identifier: Apache-2.0
// A temporally decoupled CPU: what it writes with an annotated delay takes effect at its own time,
// on every socket. Only doorbells used to keep theirs: Bus Master Enable cleared for in 500 us kept
// the completion of now from the host, and a mask kept its message.
#include <gtest/gtest.h>

#include "models/pcie/config_registers.h"
#include "tests/sim/controller/probed_fixture.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;
using util::kPsPerNs;
using util::kPsPerUs;

class Decoupled : public ProbedTest {
protected:
    Decoupled() : ProbedTest(quick()) {}
    static ControllerParams quick() {
        ControllerParams p;
        p.enable_time_ns = 1'000;
        return p;
    }

    std::uint64_t config(std::uint32_t offset) {
        return host.root_complex.config_address(0, offset);
    }
    std::uint64_t bar0(std::uint32_t offset) { return driver.pci().bar(0) + offset; }
    std::uint64_t bar4(std::uint32_t offset) { return driver.pci().bar(4) + offset; }
    std::uint64_t mask_of(unsigned vector) { return bar4(vector * 16 + 12); }

    template <typename T>
    void write(std::uint64_t address, T value, double delay_us) {
        access_later(tlm::TLM_WRITE_COMMAND, address, &value, sizeof value, us(delay_us));
    }
    template <typename T = std::uint32_t>
    T read(std::uint64_t address, double delay_us) {
        T value = 0;
        access_later(tlm::TLM_READ_COMMAND, address, &value, sizeof value, us(delay_us));
        return value;
    }
    void command_register(std::uint16_t value, double delay_us) {
        write(config(pcie::reg::kCommand), value, delay_us);
    }
    /// A flush that has reached the host, entry and message, within 50 us.
    bool completes_now() {
        const std::uint64_t before = messages(1);
        (void)driver.submit(1, commands::flush(1));
        sc_core::wait(us(200));
        return driver.poll(1) == 1 && messages(1) == before + 1;
    }
};

TEST_F(Decoupled, BusMasterEnableClearedAheadOfTimeStopsNothingBeforeItsTime) {
    simulate([this] {
        bring_up();
        command_register(0x0002, 500);
        EXPECT_TRUE(completes_now());
        sc_core::wait(us(310));
        EXPECT_FALSE(completes_now()) << "10 us after the time of the write";
        command_register(0x0006, 0);
        sc_core::wait(us(200));
        EXPECT_EQ(driver.poll(1), 1u);
    });
}

TEST_F(Decoupled, AMaskSetAheadOfTimeHoldsNoMessageBackBeforeItsTime) {
    simulate([this] {
        bring_up();
        write(mask_of(1), 1u, 500);
        EXPECT_TRUE(completes_now());
        sc_core::wait(us(310));
        EXPECT_FALSE(completes_now());
        const std::uint64_t before = messages(1);
        write(mask_of(1), 0u, 30);
        sc_core::wait(us(29));
        EXPECT_EQ(messages(1), before);
        sc_core::wait(us(2));
        EXPECT_EQ(messages(1), before + 1);
    });
}

TEST_F(Decoupled, ADisableAheadOfTimeLetsCommandsEndBeforeIt) {
    simulate([this] {
        bring_up();
        const std::uint64_t t = now_ps();
        trace.clear();
        write(bar0(spec::offset::kCc), 0u, 500);
        EXPECT_TRUE(completes_now());
        sc_core::wait(us(600));
        EXPECT_EQ(trace.when(1, 0),
                  t + 500 * kPsPerUs + controller.params().disable_time_ns * kPsPerNs);
        EXPECT_EQ(trace.completed.size(), 1u);
    });
}

TEST_F(Decoupled, WritesToAllSpacesTakeEffectInTheOrderOfTheirTimes) {
    simulate([this] {
        bring_up();
        command_register(0x0002, 900);  // the last one, whoever called first
        command_register(0x0006, 100);
        command_register(0x0002, 50);
        write(mask_of(1), 1u, 300);
        sc_core::wait(us(60));
        EXPECT_FALSE(controller.config_space().bus_master_enabled());
        sc_core::wait(us(50));
        EXPECT_TRUE(controller.config_space().bus_master_enabled());
        EXPECT_TRUE(completes_now());   // at 110 us
        EXPECT_FALSE(completes_now());  // at 310 us: masked
        sc_core::wait(us(400));
        EXPECT_FALSE(controller.config_space().bus_master_enabled());
    });
}

TEST_F(Decoupled, AReadSeesWhatWasWrittenForItsTimeAndNoMore) {
    simulate([this] {
        bring_up();
        const std::uint64_t t = now_ps();
        const std::uint32_t cc = read(bar0(spec::offset::kCc), 0);
        command_register(0x0006, 10);  // without Interrupt Disable, which the driver had set
        EXPECT_EQ(read<std::uint16_t>(config(pcie::reg::kCommand), 9), 0x0406);
        EXPECT_EQ(read<std::uint16_t>(config(pcie::reg::kCommand), 10), 0x0006);
        write(bar4(0x28), 0x1234'5678u, 20);
        EXPECT_NE(read(bar4(0x28), 19), 0x1234'5678u);
        EXPECT_EQ(read(bar4(0x28), 21), 0x1234'5678u);
        write(bar0(spec::offset::kIntms), 0xf0u, 30);
        EXPECT_EQ(read(bar0(spec::offset::kIntms), 29), 0u);
        EXPECT_EQ(read(bar0(spec::offset::kIntms), 30), 0xf0u);
        write(bar0(spec::offset::kCc), 0u, 40);
        EXPECT_EQ(read(bar0(spec::offset::kCc), 39), cc);
        EXPECT_EQ(read(bar0(spec::offset::kCc), 41), 0u);
        EXPECT_EQ(read(bar0(spec::offset::kIntms), 41), 0u) << "the reset cleared it";
        write(bar0(spec::offset::kAqa), 0x0007'0007u, 42);
        EXPECT_EQ(read(bar0(spec::offset::kAqa), 43), 0x0007'0007u) << "it is writable again";
        EXPECT_EQ(now_ps(), t) << "nobody has waited";
        EXPECT_EQ(driver.read32(spec::offset::kCc), cc);
        EXPECT_TRUE(controller.config_space().bus_master_enabled());
        sc_core::wait(us(41));
        EXPECT_EQ(driver.read32(spec::offset::kCc), 0u);
        EXPECT_FALSE(controller.config_space().intx_disabled());
        EXPECT_NE(driver.read32(spec::offset::kAqa), 0x0007'0007u);
        sc_core::wait(us(1));
        EXPECT_EQ(driver.read32(spec::offset::kAqa), 0x0007'0007u);
    });
}

TEST_F(Decoupled, AShutdownAheadOfTimeIsSeenToOccurByTheOneWhoAskedForIt) {
    simulate([this] {
        bring_up();
        auto cc = spec::Cc::from(driver.read32(spec::offset::kCc));
        write(bar0(spec::offset::kCc), cc.with<spec::Cc::Shn>(spec::Shn::kNormal).raw, 10);
        const auto shst = [](std::uint32_t csts) {
            return spec::Csts::from(csts).get<spec::Csts::Shst>();
        };
        EXPECT_EQ(shst(read(bar0(spec::offset::kCsts), 9)), spec::Shst::kNormalOperation);
        EXPECT_EQ(shst(read(bar0(spec::offset::kCsts), 11)), spec::Shst::kOccurring);
        EXPECT_EQ(shst(driver.read32(spec::offset::kCsts)), spec::Shst::kNormalOperation);
    });
}

TEST_F(Decoupled, AnAccessBehindTheEndOfMemorySpaceEnableIsRefused) {
    simulate([this] {
        bring_up();
        command_register(0x0004, 100);
        EXPECT_EQ(read(bar0(spec::offset::kVs), 99), 0x0002'0000u);
        EXPECT_EQ(read(bar0(spec::offset::kVs), 101), 0xffff'ffffu);
        EXPECT_EQ(read(mask_of(1), 101), 0xffff'ffffu);
        EXPECT_EQ(read(bar0(spec::offset::kVs), 0), 0x0002'0000u);
        command_register(0x0006, 200);
        EXPECT_EQ(read(bar0(spec::offset::kVs), 201), 0x0002'0000u);
    });
}

// It was enabled and rung in one quantum; the doorbell found a controller that was not ready yet.
TEST_F(Decoupled, ADoorbellForATimeWhenTheControllerIsReadyIsHeard) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto cc = driver.read32(spec::offset::kCc);
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        trace.clear();
        write(bar0(spec::offset::kCc), cc, 1);
        write(bar0(spec::offset::kDoorbells), 1u, 5);
        sc_core::wait(us(50));
        ASSERT_EQ(trace.doorbells.size(), 1u);
        EXPECT_TRUE(trace.doorbells[0].accepted);
        EXPECT_EQ(trace.fetched.size(), 1u);
    });
}

TEST_F(Decoupled, AWriteThatFindsTheFunctionGoneIsLost) {
    simulate([this] {
        bring_up();
        write(mask_of(1), 1u, 10);
        write(bar0(spec::offset::kIntms), 1u, 10);
        command_register(0x0400, 10);
        controller.power_cut();
        sc_core::wait(us(20));
        controller.power_on();
        sc_core::wait(us(1));
        driver.forget_everything();
        EXPECT_EQ(read<std::uint16_t>(config(pcie::reg::kCommand), 0), 0u);
        bring_up();
        EXPECT_EQ(driver.read32(spec::offset::kIntms), 0u);
        EXPECT_TRUE(completes_now());
    });
}

TEST_F(Decoupled, TheRootComplexMovesABarWhenItsTimeHasCome) {
    simulate([this] {
        bring_up();
        const std::uint64_t old = driver.pci().bar(0);
        const std::uint64_t t = now_ps();
        write(config(pcie::reg::kBar0), static_cast<std::uint32_t>(old + 0x100'0000), 10);
        EXPECT_EQ(now_ps(), t + 10 * kPsPerUs);
        EXPECT_EQ(read(old + 0x100'0000 + spec::offset::kVs, 0), 0x0002'0000u);
    });
}

}  // namespace
}  // namespace nvme::test
