// SPDX-License-Identifier: Apache-2.0
// A link that sleeps while the controller has nothing to do, as far as the host allows it.
#include <random>

#include <gtest/gtest.h>

#include "tests/sim/controller/controller_fixture.h"
#include "tests/sim/controller/driver_helpers.h"
#include "tests/sim/controller/random_io.h"

namespace nvme::test {
namespace {

constexpr std::uint64_t kL0sExitNs = 700, kL1ExitNs = 12'000;
constexpr std::uint16_t kLinkCapabilities = pcie::ConfigSpace::kExpress + 0x0c;
constexpr std::uint16_t kLinkControl = pcie::ConfigSpace::kExpress + 0x10;
constexpr std::uint16_t kLinkStatus = pcie::ConfigSpace::kExpress + 0x12;
constexpr std::uint16_t kL0s = 1, kL1 = 2;

/// Only the link takes time.
ControllerParams sleepy() {
    ControllerParams p;
    p.media.model = media::Model::kNone;
    p.doorbell_to_fetch_ns = p.firmware_per_command_ns = p.admin_command_ns = 0;
    p.link.l0s_entry_ns = 5'000;
    p.link.l0s_exit_ns = kL0sExitNs;
    p.link.l1_entry_ns = 100'000;
    p.link.l1_exit_ns = kL1ExitNs;
    return p;
}

class LinkPower : public ControllerTest {
protected:
    LinkPower() : ControllerTest(sleepy()) {}

    void enable(std::uint16_t control) { host.cpu.config_write(0, kLinkControl, control); }
    /// Of one flush after so long without anything to do.
    double flush_ns_after(double idle_us) {
        sc_core::wait(us(idle_us));
        const std::uint64_t begin = now_ps();
        EXPECT_TRUE(driver.flush(1).ok());
        return static_cast<double>(now_ps() - begin) / 1e3;
    }
};

// The doorbell wakes the direction down, the request for the entry the direction up.
TEST_F(LinkPower, IsNoticedByTheFirstCommandAfterAPause) {
    simulate([this] {
        bring_up();
        const double awake = flush_ns_after(1'000);
        enable(kL0s);
        EXPECT_NEAR(flush_ns_after(1'000), awake + 2 * kL0sExitNs, 0.01);
        EXPECT_NEAR(flush_ns_after(4), awake, 0.01);
        enable(kL1);
        EXPECT_NEAR(flush_ns_after(99), awake, 0.01);
        EXPECT_NEAR(flush_ns_after(1'000), awake + kL1ExitNs, 0.01);
        enable(kL0s | kL1);
        EXPECT_NEAR(flush_ns_after(50), awake + 2 * kL0sExitNs, 0.01);
        EXPECT_NEAR(flush_ns_after(1'000), awake + kL1ExitNs, 0.01);
        enable(0);
        EXPECT_NEAR(flush_ns_after(1'000), awake, 0.01);
    });
}

TEST_F(LinkPower, IsOffAfterAResetOfTheLinkAndOnAfterOneOfTheFunction) {
    simulate([this] {
        bring_up();
        const double awake = flush_ns_after(1'000);
        enable(kL1);
        ASSERT_EQ(driver.function_level_reset(), platform::DriverError::kNone);
        bring_up();
        EXPECT_NEAR(flush_ns_after(1'000), awake + kL1ExitNs, 0.01);
        driver.fundamental_reset();
        driver.forget_everything();
        bring_up();
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, kLinkControl), 0u);
        EXPECT_NEAR(flush_ns_after(1'000), awake, 0.01);
        enable(kL1);
        ASSERT_EQ(driver.subsystem_reset(), platform::DriverError::kNone);
        bring_up();
        EXPECT_NEAR(flush_ns_after(1'000), awake, 0.01);
    });
}

TEST_F(LinkPower, TellsWhatItsParametersSay) {
    simulate([this] {
        const auto capabilities = host.cpu.config_read(0, kLinkCapabilities);
        EXPECT_EQ(capabilities >> 10 & 3, 3u);
        EXPECT_EQ(capabilities >> 12 & 7, 4u) << "512 ns to less than 1 us";
        EXPECT_EQ(capabilities >> 15 & 7, 4u) << "8 to less than 16 us";
    });
}

// Anything that a guest writes there, in any size, while commands are under way.
TEST_F(LinkPower, AHostThatWritesNonsenseHurtsNobody) {
    bool over = false;
    in_parallel([&] {
        std::mt19937_64 random(7);
        sc_core::wait(us(500));
        const auto capabilities = host.cpu.config_read(0, kLinkCapabilities);
        const auto status = host.cpu.config_read<std::uint16_t>(0, kLinkStatus);
        for (; !over; sc_core::wait(ns(static_cast<double>(1 + random() % 20'000)))) {
            const auto value = static_cast<std::uint32_t>(random());
            switch (random() % 4) {
                case 0:
                    host.cpu.config_write<std::uint32_t>(0, kLinkCapabilities, value);
                    break;
                case 1:
                    host.cpu.config_write<std::uint32_t>(0, kLinkControl, value);
                    break;
                case 2:
                    host.cpu.config_write(0, kLinkControl, static_cast<std::uint16_t>(value));
                    break;
                default:
                    host.cpu.config_write(0, kLinkControl, static_cast<std::uint8_t>(value));
            }
            EXPECT_EQ(host.cpu.config_read(0, kLinkCapabilities), capabilities);
            EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, kLinkStatus), status);
        }
    });
    simulate([&] {
        bring_up(2);
        RandomIo io(driver, 5, 2);
        EXPECT_TRUE(io.run(600, 4));
        over = true;
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
