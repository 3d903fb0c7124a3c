// SPDX-License-Identifier: Apache-2.0
// What each kind of reset takes, what it leaves, and that nothing comes out after it.
#include <array>
#include <cstring>
#include <random>

#include <gtest/gtest.h>

#include "models/pcie/config_registers.h"
#include "tests/sim/controller/probed_fixture.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
namespace offset = spec::offset;
using platform::DriverError;
using platform::Ticket;
using spec::Csts;

enum class Kind { kController, kFunction, kPerst, kSubsystem, kPower };
constexpr std::array kKinds{Kind::kController, Kind::kFunction, Kind::kPerst, Kind::kSubsystem,
                            Kind::kPower};

const char* name_of(Kind kind) {
    constexpr const char* kNames[] = {"CC.EN", "FLR", "PERST#", "NSSR", "power"};
    return kNames[static_cast<unsigned>(kind)];
}

class Resets : public ProbedTest {
protected:
    /// From the first moment of the reset until the device may be enumerated again.
    void reset(Kind kind) {
        switch (kind) {
            case Kind::kController:
                driver.write32(offset::kCc, 0);
                sc_core::wait(us(1000));
                break;
            case Kind::kFunction:
                EXPECT_EQ(driver.function_level_reset(), DriverError::kNone);
                break;
            case Kind::kPerst:
                driver.fundamental_reset();
                break;
            case Kind::kSubsystem:
                EXPECT_EQ(driver.subsystem_reset(), DriverError::kNone);
                break;
            case Kind::kPower:
                controller.power_cut();
                sc_core::wait(us(1000));
                controller.power_on();
                sc_core::wait(us(1000));
                break;
        }
        driver.forget_everything();
    }
    std::uint16_t command() { return host.cpu.config_read<std::uint16_t>(0, pcie::reg::kCommand); }
    spec::SmartLog smart() {
        spec::SmartLog log{};
        EXPECT_TRUE(driver.get_log_page({spec::LogId::kSmartHealth, sizeof log}, &log).ok());
        return log;
    }
};

TEST_F(Resets, OnlyAControllerResetKeepsTheAdminQueueRegisters) {
    simulate([this] {
        for (const Kind kind : kKinds) {
            SCOPED_TRACE(name_of(kind));
            bring_up();
            driver.write32(offset::kIntms, 0xf0);
            const auto aqa = driver.read32(offset::kAqa);
            const auto asq = driver.read64(offset::kAsq), acq = driver.read64(offset::kAcq);
            reset(kind);
            if (kind != Kind::kController) {
                EXPECT_EQ(command(), 0u) << "neither memory space nor bus master";
                ASSERT_EQ(driver.enumerate(), DriverError::kNone);
            }
            const bool keeps = kind == Kind::kController;
            EXPECT_EQ(driver.read32(offset::kAqa), keeps ? aqa : 0);
            EXPECT_EQ(driver.read64(offset::kAsq), keeps ? asq : 0);
            EXPECT_EQ(driver.read64(offset::kAcq), keeps ? acq : 0);
            EXPECT_EQ(driver.read32(offset::kCc), 0u);
            EXPECT_EQ(driver.read32(offset::kIntms), 0u);
            const auto csts = driver.csts();
            EXPECT_FALSE(csts.get<Csts::Rdy>());
            EXPECT_EQ(csts.get<Csts::Nssro>(), kind == Kind::kSubsystem);
            driver.write32(offset::kCsts, Csts{}.with<Csts::Nssro>(true).raw);
            EXPECT_EQ(driver.csts().raw, 0u);
        }
    });
}

TEST_F(Resets, NssroStaysOverAControllerResetUntilItIsWrittenWithOne) {
    simulate([this] {
        bring_up();
        EXPECT_FALSE(driver.csts().get<Csts::Nssro>());
        reset(Kind::kSubsystem);
        bring_up();
        EXPECT_TRUE(driver.csts().get<Csts::Nssro>());
        reset(Kind::kController);
        EXPECT_TRUE(driver.csts().get<Csts::Nssro>());
        driver.write32(offset::kCsts, 0);
        EXPECT_TRUE(driver.csts().get<Csts::Nssro>());
        driver.write32(offset::kCsts, ~0u);
        EXPECT_EQ(driver.csts().raw, 0u) << "and no other bit can be written";
    });
}

TEST_F(Resets, OtherValuesInNssrDoNothing) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t value : {0u, 1u, 0x4e56'4d64u, 0x6556'4d4eu, ~0u})
            driver.write32(offset::kNssr, value);
        EXPECT_TRUE(verified_io(driver, 1));
        EXPECT_EQ(driver.read32(offset::kNssr), 0u);
    });
}

TEST_F(Resets, EveryResetReturnsFeaturesToTheirDefaults) {
    simulate([this] {
        for (const Kind kind : kKinds) {
            SCOPED_TRACE(name_of(kind));
            bring_up();
            const auto before = driver.get_features(spec::FeatureId::kArbitration).dw0;
            ASSERT_TRUE(driver.set_features(spec::FeatureId::kArbitration, before ^ 2).ok());
            ASSERT_EQ(driver.get_features(spec::FeatureId::kArbitration).dw0, before ^ 2);
            reset(kind);
            ASSERT_EQ(driver.bring_up(), DriverError::kNone);
            EXPECT_EQ(driver.get_features(spec::FeatureId::kArbitration).dw0, before);
            EXPECT_FALSE(driver.delete_sq(1).ok()) << "the queues are gone";
        }
    });
}

TEST_F(Resets, DataAndHealthSurviveEveryReset) {
    simulate([this] {
        bring_up();
        const auto data = make_pattern(driver, 4096, 77), back = driver.allocate(4096);
        ASSERT_TRUE(driver.write(1, 1000, 8, data, true).ok());
        auto last = smart();
        for (const Kind kind : kKinds) {
            SCOPED_TRACE(name_of(kind));
            reset(kind);
            bring_up();
            ASSERT_TRUE(driver.read(1, 1000, 8, back).ok());
            EXPECT_EQ(std::memcmp(data.data, back.data, 4096), 0);
            const auto now = smart();
            const bool power = kind == Kind::kPower;
            EXPECT_EQ(now.host_write_commands.low, last.host_write_commands.low);
            EXPECT_EQ(now.host_read_commands.low, last.host_read_commands.low + 1);
            EXPECT_EQ(now.power_cycles.low, last.power_cycles.low + (power ? 1 : 0));
            EXPECT_EQ(now.unsafe_shutdowns.low, last.unsafe_shutdowns.low + (power ? 1 : 0));
            last = now;
        }
    });
}

TEST_F(Resets, PowerLossAfterAShutdownIsNotUnsafe) {
    simulate([this] {
        bring_up();
        const auto before = smart();
        ASSERT_EQ(driver.shutdown(), DriverError::kNone);
        reset(Kind::kPower);
        bring_up();
        const auto after = smart();
        EXPECT_EQ(after.power_cycles.low, before.power_cycles.low + 1);
        EXPECT_EQ(after.unsafe_shutdowns.low, before.unsafe_shutdowns.low);
    });
}

TEST_F(Resets, OnlyAPowerCutLosesTheVolatileCache) {
    simulate([this] {
        const auto old_data = make_pattern(driver, 4096, 1),
                   new_data = make_pattern(driver, 4096, 2);
        const auto back = driver.allocate(4096);
        for (const Kind kind : kKinds) {
            SCOPED_TRACE(name_of(kind));
            bring_up();
            ASSERT_TRUE(driver.write(1, 0, 8, old_data, true).ok());
            ASSERT_TRUE(driver.write(1, 0, 8, new_data).ok());
            reset(kind);
            bring_up();
            ASSERT_TRUE(driver.read(1, 0, 8, back).ok());
            const auto& expected = kind == Kind::kPower ? old_data : new_data;
            EXPECT_EQ(std::memcmp(expected.data, back.data, 4096), 0);
        }
    });
}

TEST_F(Resets, AFunctionLevelResetKeepsThePayloadSizeOfTheLink) {
    simulate([this] {
        bring_up();
        const std::uint32_t control = pcie::ConfigSpace::kExpress + pcie::reg::kDeviceControl;
        host.cpu.config_write<std::uint16_t>(0, control, 1u << 5);
        reset(Kind::kFunction);
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, control) & pcie::reg::kMaxPayloadSize,
                  1 << 5);
        reset(Kind::kPerst);
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, control) & pcie::reg::kMaxPayloadSize, 0);
    });
}

TEST_F(Resets, ACpuReadsAllOnesWhileTheDeviceCannotAnswer) {
    simulate([this] {
        bring_up();
        host.perst_n[0].write(false);
        sc_core::wait(us(1));
        EXPECT_EQ(driver.read32(offset::kCsts), ~0u);
        EXPECT_EQ(host.cpu.config_read<std::uint32_t>(0, 0), ~0u);
        host.perst_n[0].write(true);
        sc_core::wait(us(1));
        EXPECT_EQ(driver.read32(offset::kCsts), ~0u) << "memory space is not enabled";
        EXPECT_NE(host.cpu.config_read<std::uint32_t>(0, 0), ~0u);
        driver.forget_everything();
        bring_up();
        driver.pci().set_memory_space(false);
        EXPECT_EQ(driver.read32(offset::kCsts), ~0u);
        driver.pci().set_memory_space(true);
        EXPECT_TRUE(driver.csts().get<Csts::Rdy>());
        controller.power_cut();
        EXPECT_EQ(driver.read32(offset::kCsts), ~0u);
        EXPECT_EQ(host.cpu.config_read<std::uint32_t>(0, 0), ~0u);
        controller.power_on();
        driver.forget_everything();
        bring_up();
        EXPECT_TRUE(verified_io(driver, 1));
    });
    EXPECT_EQ(host.cpu.bus_errors(), 0u);
}

/// Resets at random moments, while commands of all sorts are somewhere on their way.
class ResetsInFlight : public Resets {
protected:
    void submit_load(std::mt19937_64& random, const platform::DmaBuffer& buffer) {
        for (unsigned i = 0; i < 24; ++i) {
            const auto qid = static_cast<std::uint16_t>(1 + random() % 3);
            const std::uint64_t lba = 4096 + random() % 4096;
            switch (random() % 5) {
                case 0:
                    (void)driver.submit(qid, commands::write(1, lba, 32), buffer);
                    break;
                case 1:
                    (void)driver.submit(qid, commands::flush(1));
                    break;
                case 2:
                    (void)driver.submit(0, commands::identify(spec::Cns::kController), buffer);
                    break;
                default:
                    (void)driver.submit(qid, commands::read(1, lba, 128), buffer);
                    break;
            }
        }
        (void)driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
    }
    std::uint64_t all_messages() {
        std::uint64_t sum = 0;
        for (unsigned v = 0; v < host.interrupts.vectors(); ++v) sum += host.interrupts.count(v);
        return sum;
    }
    /// A copy of all host memory that the driver has given to queues and buffers so far.
    std::vector<std::byte> snapshot() {
        constexpr std::uint64_t kWatched = 4 << 20;
        const std::byte* from = host.memory.data(0, kWatched);
        return {from, from + kWatched};
    }

    /// `hold_us`: the longest time that the host holds an access up; 0: not at all.
    void run(unsigned rounds, unsigned hold_us, unsigned seed) {
        std::mt19937_64 random(seed);
        simulate(
            [&] {
                const auto buffer = driver.allocate(65536);
                if (hold_us != 0)
                    probe.hook = [&, hold_us](const DmaAccess&, sc_core::sc_time&) {
                        if (random() % 8 == 0)
                            sc_core::wait(static_cast<double>(random() % hold_us), sc_core::SC_US);
                        return tlm::TLM_OK_RESPONSE;
                    };
                for (unsigned round = 0; round < rounds; ++round) {
                    const Kind kind = kKinds[round % kKinds.size()];
                    SCOPED_TRACE(std::string(name_of(kind)) + " in round " + std::to_string(round));
                    bring_up(3);
                    submit_load(random, buffer);
                    sc_core::wait(static_cast<double>(random() % 300'000), sc_core::SC_NS);
                    const auto at = sc_core::sc_time_stamp();
                    begin(kind);
                    // What the host itself still holds up has left the controller before.
                    sc_core::wait(us(hold_us + 1));
                    EXPECT_EQ(probe.inside(), 0u);
                    const auto memory = snapshot();
                    const auto interrupts = all_messages();
                    sc_core::wait(us(5000));
                    EXPECT_EQ(probe.after(at), 0u);
                    EXPECT_EQ(all_messages(), interrupts);
                    EXPECT_EQ(snapshot() == memory, true);
                    end(kind);
                    bring_up(3);
                    EXPECT_TRUE(verified_io(driver, round, 64, 32, 1));
                    EXPECT_TRUE(verified_io(driver, round + 1000, 64, 32, 3));
                    reset(Kind::kController);
                }
            },
            sc_core::sc_time(1000, sc_core::SC_SEC));
        EXPECT_EQ(driver.protocol_errors(), 0u);
        EXPECT_EQ(driver.missed_interrupts(), 0u);
    }

private:
    void begin(Kind kind) {
        switch (kind) {
            case Kind::kController:
                driver.write32(offset::kCc, 0);
                break;
            case Kind::kFunction:
                host.cpu.config_write<std::uint16_t>(
                    0, pcie::ConfigSpace::kExpress + pcie::reg::kDeviceControl,
                    pcie::reg::kInitiateFunctionLevelReset);
                break;
            case Kind::kPerst:
                host.perst_n[0].write(false);
                break;
            case Kind::kSubsystem:
                driver.write32(offset::kNssr, spec::kNssrReset);
                break;
            case Kind::kPower:
                controller.power_cut();
                break;
        }
    }
    void end(Kind kind) {
        if (kind == Kind::kPerst) host.perst_n[0].write(true);
        if (kind == Kind::kPower) controller.power_on();
        sc_core::wait(us(1000));
        driver.forget_everything();
    }
};

TEST_F(ResetsInFlight, NothingIsPostedAfterAResetAtAnyMoment) {
    run(100, 0, 1);
}

TEST_F(ResetsInFlight, NothingIsPostedAfterAResetWhileTheHostHoldsAccessesUp) {
    run(60, 40, 2);
}

TEST_F(ResetsInFlight, ReadyFallsOnlyWhenNoAccessIsUnderWayAnyMore) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(4096);
        probe.hook = [](const DmaAccess&, sc_core::sc_time&) {
            sc_core::wait(us(700));
            return tlm::TLM_OK_RESPONSE;
        };
        (void)driver.submit(1, commands::read(1, 0, 8), buffer);
        sc_core::wait(us(300));
        ASSERT_EQ(probe.inside(), 1u);
        driver.write32(offset::kCc, 0);
        while (driver.csts().get<Csts::Rdy>()) sc_core::wait(us(1));
        EXPECT_EQ(probe.inside(), 0u);
        probe.hook = nullptr;
        driver.forget_everything();
        bring_up();
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

TEST_F(ResetsInFlight, AnotherResetDuringAResetIsNoHarm) {
    std::mt19937_64 random(9);
    simulate([&] {
        const auto buffer = driver.allocate(65536);
        for (unsigned round = 0; round < 25; ++round) {
            bring_up(3);
            submit_load(random, buffer);
            for (unsigned i = 0; i < 3; ++i) {
                sc_core::wait(static_cast<double>(random() % 150), sc_core::SC_US);
                const auto which = random() % 3;
                if (which == 0) driver.write32(offset::kCc, 0);
                if (which == 1) driver.write32(offset::kCc, 0x0046'0001);
                if (which == 2) driver.write32(offset::kNssr, spec::kNssrReset);
            }
            driver.forget_everything();
            bring_up(3);
            EXPECT_TRUE(verified_io(driver, round));
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
