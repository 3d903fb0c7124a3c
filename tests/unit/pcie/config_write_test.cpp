// SPDX-License-Identifier: Apache-2.0
// What a host can change, and what it never can.
#include <gtest/gtest.h>
#include <linux/pci_regs.h>

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "models/pcie/config_space.h"
#include "tests/unit/pcie/config_fixture.h"

namespace pcie::test {
namespace {

constexpr std::uint16_t kPm = ConfigSpace::kPowerManagement;
constexpr std::uint16_t kMsix = ConfigSpace::kMsix;
constexpr std::uint16_t kExp = ConfigSpace::kExpress;
constexpr std::uint16_t kDevctl = kExp + PCI_EXP_DEVCTL;

std::vector<std::uint8_t> dump(const ConfigSpace& config) {
    std::vector<std::uint8_t> bytes;
    for (unsigned at = 0; at < ConfigSpace::kSize; ++at) {
        bytes.push_back(static_cast<std::uint8_t>(config.read(static_cast<std::uint16_t>(at), 1)));
    }
    return bytes;
}

/// All bits that software may change, by dword. Everything else is read-only.
const std::map<unsigned, std::uint32_t>& writable_bits() {
    static const std::map<unsigned, std::uint32_t> bits{
        {PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
                          PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE},
        {PCI_CACHE_LINE_SIZE, 0xff},
        {PCI_BASE_ADDRESS_0, 0xffff'0000},
        {PCI_BASE_ADDRESS_1, 0xffff'ffff},
        {PCI_BASE_ADDRESS_4, 0xffff'c000},
        {PCI_BASE_ADDRESS_5, 0xffff'ffff},
        {PCI_INTERRUPT_LINE, 0xff},
        {kPm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK},
        {kMsix, (PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) << 16},
        {kDevctl, 0x0000'79ff},
        {kExp + PCI_EXP_LNKCTL, 0x0000'00cb},
        {kExp + PCI_EXP_DEVCTL2, PCI_EXP_DEVCTL2_COMP_TMOUT_DIS},
        {kExp + PCI_EXP_LNKCTL2, PCI_EXP_LNKCTL2_TLS},
    };
    return bits;
}

std::uint8_t writable_byte(unsigned at) {
    const auto found = writable_bits().find(at & ~3u);
    if (found == writable_bits().end()) return 0;
    return static_cast<std::uint8_t>(found->second >> 8 * (at % 4));
}

TEST_F(ConfigTest, BarSizesAreFoundByWritingAllOnes) {
    config.write(PCI_BASE_ADDRESS_0, 4, 0xffff'ffff);
    config.write(PCI_BASE_ADDRESS_1, 4, 0xffff'ffff);
    config.write(PCI_BASE_ADDRESS_4, 4, 0xffff'ffff);
    config.write(PCI_BASE_ADDRESS_5, 4, 0xffff'ffff);
    const std::uint32_t bar0 = config.read(PCI_BASE_ADDRESS_0, 4);
    EXPECT_EQ(bar0 & 0xf, unsigned{PCI_BASE_ADDRESS_MEM_TYPE_64});
    EXPECT_EQ(~(bar0 & ~0xfu) + 1, 0x1'0000u);
    EXPECT_EQ(config.read(PCI_BASE_ADDRESS_1, 4), 0xffff'ffffu);
    EXPECT_EQ(~(config.read(PCI_BASE_ADDRESS_4, 4) & ~0xfu) + 1, 0x4000u);
    for (const auto absent : std::array<std::uint16_t, 3>{0x18, 0x1c, 0x30}) {
        config.write(absent, 4, 0xffff'ffff);
        EXPECT_EQ(config.read(absent, 4), 0u);
    }
}

TEST_F(ConfigTest, ABarBeyondFourGibibytesIsSizedInItsUpperHalf) {
    FunctionParams params = example_function();
    params.bar0_size = 1ull << 36;
    ConfigSpace large(params, events);
    large.write(PCI_BASE_ADDRESS_0, 4, 0xffff'ffff);
    large.write(PCI_BASE_ADDRESS_1, 4, 0xffff'ffff);
    EXPECT_EQ(large.read(PCI_BASE_ADDRESS_0, 4), 4u);
    EXPECT_EQ(large.read(PCI_BASE_ADDRESS_1, 4), 0xffff'fff0u);
}

TEST_F(ConfigTest, BarAddressesAreWhatTheHostProgrammed) {
    config.write(PCI_BASE_ADDRESS_0, 4, 0xe012'3456);
    config.write(PCI_BASE_ADDRESS_1, 4, 0x0000'0012);
    config.write(PCI_BASE_ADDRESS_4, 4, 0xfe00'4000);
    EXPECT_EQ(config.bar_address(0), 0x12'e012'0000u);
    EXPECT_EQ(config.bar_address(4), 0xfe00'4000u);
    for (const unsigned other : {1u, 2u, 3u, 5u, 6u, ~0u}) EXPECT_EQ(config.bar_address(other), 0u);
    EXPECT_EQ(events.changes, 0u);
}

TEST_F(ConfigTest, AllOnesInEveryDwordChangeOnlyTheWritableBits) {
    const std::vector<std::uint8_t> before = dump(config);
    for (unsigned at = 0; at < ConfigSpace::kSize; at += 4) {
        // The reset bit is tested by itself.
        const std::uint32_t value = at == kDevctl ? 0xffff'7fff : 0xffff'ffff;
        config.write(static_cast<std::uint16_t>(at), 4, value);
    }
    const std::vector<std::uint8_t> after = dump(config);
    for (unsigned at = 0; at < ConfigSpace::kSize; ++at) {
        EXPECT_EQ(after[at], before[at] | writable_byte(at)) << "offset " << std::hex << at;
    }
    EXPECT_EQ(events.function_level_resets, 0u);
}

TEST_F(ConfigTest, RandomWritesOfAnySizeNeverChangeAReadOnlyBit) {
    const std::vector<std::uint8_t> reset_state = dump(config);
    std::mt19937 random(7);
    for (int step = 0; step < 20'000; ++step) {
        const unsigned size = 1u << random() % 3;
        const auto offset =
            static_cast<std::uint16_t>(random() % (ConfigSpace::kSize / size) * size);
        config.write(offset, size, static_cast<std::uint32_t>(random()));
        ASSERT_NE(config.read(kPm + PCI_PM_CTRL, 1) & 3, 1u);
        ASSERT_NE(config.read(kPm + PCI_PM_CTRL, 1) & 3, 2u);
    }
    const std::vector<std::uint8_t> after = dump(config);
    for (unsigned at = 0; at < ConfigSpace::kSize; ++at) {
        const std::uint8_t fixed = static_cast<std::uint8_t>(~writable_byte(at));
        EXPECT_EQ(after[at] & fixed, reset_state[at] & fixed) << "offset " << std::hex << at;
    }
    EXPECT_GT(events.function_level_resets, 0u);
    config.reset();
    EXPECT_EQ(dump(config), reset_state);
}

TEST_F(ConfigTest, AWriteChangesNoByteBesideItself) {
    config.write(PCI_BASE_ADDRESS_1 + 1, 1, 0xaabb'ccdd);
    EXPECT_EQ(config.read(PCI_BASE_ADDRESS_1, 4), 0x0000'dd00u);
    config.write(PCI_BASE_ADDRESS_1 + 2, 2, 0xaabb'ccdd);
    EXPECT_EQ(config.read(PCI_BASE_ADDRESS_1, 4), 0xccdd'dd00u);
}

TEST_F(ConfigTest, TheCommandRegisterEnablesMemoryAndBusMasterAndHasNoIoSpace) {
    EXPECT_FALSE(config.memory_enabled());
    EXPECT_FALSE(config.bus_master_enabled());
    EXPECT_FALSE(config.intx_disabled());
    config.write(PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    EXPECT_TRUE(config.memory_enabled());
    EXPECT_FALSE(config.bus_master_enabled());
    config.write(PCI_COMMAND, 2, PCI_COMMAND_IO | PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE);
    EXPECT_FALSE(config.memory_enabled());
    EXPECT_TRUE(config.bus_master_enabled());
    EXPECT_TRUE(config.intx_disabled());
    EXPECT_EQ(config.read(PCI_COMMAND, 2) & PCI_COMMAND_IO, 0u);
    EXPECT_EQ(events.changes, 2u);
}

TEST_F(ConfigTest, OnlyRealChangesAreAnnounced) {
    config.write(PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    config.write(PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
    config.write(PCI_INTERRUPT_LINE, 1, 11);
    EXPECT_EQ(events.changes, 1u);
}

TEST_F(ConfigTest, InD3hotTheFunctionNeitherAnswersNorSendsAndForgetsNothing) {
    config.write(PCI_COMMAND, 2, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    config.write(PCI_BASE_ADDRESS_0, 4, 0xe000'0000);
    config.write(kPm + PCI_PM_CTRL, 2, 3);
    EXPECT_EQ(config.power_state(), PowerState::kD3hot);
    EXPECT_FALSE(config.memory_enabled());
    EXPECT_FALSE(config.bus_master_enabled());
    config.write(kPm + PCI_PM_CTRL, 2, 0);
    EXPECT_EQ(config.power_state(), PowerState::kD0);
    EXPECT_TRUE(config.memory_enabled());
    EXPECT_TRUE(config.bus_master_enabled());
    EXPECT_EQ(config.bar_address(0), 0xe000'0000u);
    EXPECT_EQ(events.changes, 3u);
}

TEST_F(ConfigTest, PowerStatesThatDoNotExistAreNotEntered) {
    for (const std::uint32_t from : {0u, 3u}) {
        config.write(kPm + PCI_PM_CTRL, 2, from);
        config.write(kPm + PCI_PM_CTRL, 2, 1);
        config.write(kPm + PCI_PM_CTRL, 4, 2);
        EXPECT_EQ(config.read(kPm + PCI_PM_CTRL, 2) & PCI_PM_CTRL_STATE_MASK, from);
    }
}

TEST_F(ConfigTest, MsixControlIsSeenAndAnnounced) {
    config.write(kMsix + PCI_MSIX_FLAGS, 2, PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
    EXPECT_TRUE(config.msix_enabled());
    EXPECT_TRUE(config.msix_function_masked());
    config.write(kMsix + PCI_MSIX_FLAGS + 1, 1, PCI_MSIX_FLAGS_ENABLE >> 8);
    EXPECT_TRUE(config.msix_enabled());
    EXPECT_FALSE(config.msix_function_masked());
    EXPECT_EQ(events.changes, 2u);
    EXPECT_EQ(config.read(kMsix + PCI_MSIX_FLAGS, 2) & PCI_MSIX_FLAGS_QSIZE, 64u);
}

TEST_F(ConfigTest, InterruptStatusFollowsTheFunctionAndNotTheHost) {
    config.set_interrupt_status(true);
    EXPECT_EQ(config.read(PCI_STATUS, 2), unsigned{PCI_STATUS_CAP_LIST | PCI_STATUS_INTERRUPT});
    config.write(PCI_STATUS, 2, 0xffff);
    EXPECT_NE(config.read(PCI_STATUS, 2) & PCI_STATUS_INTERRUPT, 0u);
    config.set_interrupt_status(false);
    EXPECT_EQ(config.read(PCI_STATUS, 2), unsigned{PCI_STATUS_CAP_LIST});
    config.set_interrupt_status(true);
    config.reset(ResetKind::kFunctionLevel);
    EXPECT_EQ(config.read(PCI_STATUS, 2), unsigned{PCI_STATUS_CAP_LIST});
}

TEST_F(ConfigTest, AFunctionLevelResetIsOneEdgeAndReadsBackAsZero) {
    config.write(kDevctl, 2, 0x2810 | PCI_EXP_DEVCTL_BCR_FLR);
    EXPECT_EQ(events.function_level_resets, 1u);
    EXPECT_EQ(config.read(kDevctl, 2) & PCI_EXP_DEVCTL_BCR_FLR, 0u);
    config.write(kDevctl, 2, config.read(kDevctl, 2));
    EXPECT_EQ(events.function_level_resets, 1u);
    config.write(kDevctl + 1, 1, PCI_EXP_DEVCTL_BCR_FLR >> 8);
    EXPECT_EQ(events.function_level_resets, 2u);
    config.write(kDevctl, 4, PCI_EXP_DEVCTL_BCR_FLR);
    EXPECT_EQ(events.function_level_resets, 3u);
    // The low byte, and the same bit of a neighbour, do nothing.
    config.write(kDevctl, 1, 0xff);
    config.write(kDevctl + 2, 2, 0xffff);
    EXPECT_EQ(events.function_level_resets, 3u);
    EXPECT_EQ(events.changes, 0u);
}

TEST_F(ConfigTest, AFunctionLevelResetKeepsOnlyWhatBelongsToTheLink) {
    const std::vector<std::uint8_t> reset_state = dump(config);
    for (unsigned at = 0; at < ConfigSpace::kSize; at += 4) {
        if (at != kDevctl) config.write(static_cast<std::uint16_t>(at), 4, 0xffff'ffff);
    }
    config.write(kDevctl, 2, 0xffff);
    const std::vector<std::uint8_t> after = dump(config);
    std::vector<std::uint8_t> expected = reset_state;
    expected[kDevctl] |= PCI_EXP_DEVCTL_PAYLOAD;
    expected[kExp + PCI_EXP_LNKCTL] |= 0xcb;
    expected[kExp + PCI_EXP_LNKCTL2] |= PCI_EXP_LNKCTL2_TLS;
    EXPECT_EQ(after, expected);
    EXPECT_FALSE(config.memory_enabled());
    EXPECT_FALSE(config.msix_enabled());
    EXPECT_EQ(config.power_state(), PowerState::kD0);
    EXPECT_EQ(config.bar_address(0), 0u);
    config.reset(ResetKind::kConventional);
    EXPECT_EQ(dump(config), reset_state);
}

/// A listener that looks, as the controller does, at the state from inside the event.
struct Looking final : ConfigEvents {
    void on_function_level_reset() override { bus_master_at_reset = config->bus_master_enabled(); }
    void on_config_changed() override { bus_master_at_change = config->bus_master_enabled(); }
    ConfigSpace* config = nullptr;
    bool bus_master_at_reset = true;
    bool bus_master_at_change = false;
};

TEST(ConfigEventsTest, ComeWhenTheNewStateIsInPlace) {
    Looking events;
    ConfigSpace config(example_function(), events);
    events.config = &config;
    config.write(PCI_COMMAND, 2, PCI_COMMAND_MASTER);
    EXPECT_TRUE(events.bus_master_at_change);
    config.write(kDevctl, 2, PCI_EXP_DEVCTL_BCR_FLR);
    EXPECT_FALSE(events.bus_master_at_reset);
}

}  // namespace
}  // namespace pcie::test
