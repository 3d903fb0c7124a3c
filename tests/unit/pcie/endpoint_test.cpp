// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/pcie/endpoint_fixture.h"

namespace pcie::test {
namespace {

using util::kNever;
using util::TimePs;
using Vectors = std::vector<std::uint16_t>;

TEST_F(EndpointTest, AnswersFromTheStartAndSendsWhenItIsAllowedTo) {
    EXPECT_TRUE(endpoint.responding());
    EXPECT_FALSE(endpoint.requests_allowed());
    EXPECT_FALSE(endpoint.memory_enabled(0));
    enable();
    EXPECT_TRUE(endpoint.requests_allowed());
    EXPECT_TRUE(endpoint.memory_enabled(0));
    device.has_power = false;
    EXPECT_FALSE(endpoint.responding());
}

TEST_F(EndpointTest, WhateverForbidsRequestsWithdrawsWhatWasGranted) {
    const auto allowed_then = [this](auto&& forbid) {
        enable();
        EXPECT_TRUE(endpoint.requests_allowed());
        const unsigned before = world.withdrawals;
        forbid();
        EXPECT_FALSE(endpoint.requests_allowed());
        EXPECT_EQ(world.withdrawals, before + 1);
    };
    allowed_then([this] { command(reg::kCommandMemorySpace); });
    allowed_then([this] { config_write(ConfigSpace::kPowerManagement + 4, 3); });
    config_write(ConfigSpace::kPowerManagement + 4, 0);
    allowed_then([this] { config_write(kDeviceControl, reg::kInitiateFunctionLevelReset); });
    allowed_then([this] { endpoint.reset_registers(); });
    allowed_then([this] {
        endpoint.set_link(false);
        endpoint.set_link(true);
    });
    allowed_then([this] {
        endpoint.hold_in_reset(true);
        endpoint.hold_in_reset(false);
    });
}

TEST_F(EndpointTest, ResetsReachTheDeviceOnceEach) {
    using Kinds = std::vector<ResetKind>;
    config_write(kDeviceControl, reg::kInitiateFunctionLevelReset);
    EXPECT_EQ(device.resets, Kinds{ResetKind::kFunctionLevel});
    device.resets.clear();
    endpoint.hold_in_reset(true);
    endpoint.hold_in_reset(true);
    EXPECT_FALSE(endpoint.responding());
    endpoint.hold_in_reset(false);
    EXPECT_TRUE(endpoint.responding());
    EXPECT_EQ(device.resets, Kinds{ResetKind::kConventional});
    device.resets.clear();
    endpoint.set_link(false);
    EXPECT_FALSE(endpoint.responding());
    endpoint.set_link(true);
    EXPECT_TRUE(endpoint.responding());
    EXPECT_EQ(device.resets, Kinds{ResetKind::kConventional});
    device.resets.clear();
    enable();
    endpoint.reset_registers();
    EXPECT_TRUE(device.resets.empty()) << "it was the device's own";
    EXPECT_FALSE(endpoint.memory_enabled(0));
    EXPECT_TRUE(endpoint.msix().masked(0));
}

TEST_F(EndpointTest, AMessageWaitsForItsMasksAndForBusMasterEnable) {
    enable();
    endpoint.raise_interrupt(1);
    EXPECT_EQ(world.messages, Vectors{1});

    mask(2, true);
    endpoint.raise_interrupt(2);
    command(reg::kCommandMemorySpace);
    endpoint.raise_interrupt(3);
    EXPECT_EQ(world.messages, Vectors{1});
    const unsigned wakes = world.message_wakes;
    command(reg::kCommandMemorySpace | reg::kCommandBusMaster);
    EXPECT_GT(world.message_wakes, wakes);
    endpoint.send_released();
    EXPECT_EQ(world.messages, (Vectors{1, 3}));
    mask(2, false);
    endpoint.send_released();
    EXPECT_EQ(world.messages, (Vectors{1, 3, 2}));
}

TEST_F(EndpointTest, AWithdrawnMessageIsNotSentLater) {
    enable();
    mask(0, true);
    endpoint.raise_interrupt(0);
    EXPECT_TRUE(endpoint.msix().pending(0));
    endpoint.withdraw_interrupts();
    mask(0, false);
    endpoint.send_released();
    EXPECT_TRUE(world.messages.empty());
}

TEST_F(EndpointTest, TheDeviceHearsWhichVectorsMayHaveOtherMasksOrMessages) {
    using Changes = std::vector<std::pair<unsigned, unsigned>>;
    const Changes all{{0, endpoint.msix().vectors()}};
    const auto heard = [&] { return std::exchange(device.vector_changes, {}); };
    endpoint.reset_registers();
    EXPECT_EQ(heard(), all);
    enable();
    mask(1, true);
    (void)heard();
    endpoint.raise_interrupt(1);
    EXPECT_EQ(heard(), (Changes{{1, 2}})) << "its message waits";
    mask(1, false);
    EXPECT_EQ(heard(), (Changes{{1, 2}}));
    endpoint.send_released();
    EXPECT_EQ(heard(), (Changes{{1, 2}})) << "and leaves";
    endpoint.raise_interrupt(1);
    EXPECT_EQ(heard(), Changes{}) << "what is sent changes nothing";
    const auto pba = static_cast<std::uint32_t>(Msix::pba_offset(endpoint.msix().vectors()));
    endpoint.write({0, Space::kBar4, 4, pba, 0});
    EXPECT_EQ(heard(), Changes{}) << "it is read-only";
    config_write(kMsixControl, reg::kMsixEnable | reg::kMsixFunctionMask);
    EXPECT_EQ(heard(), all);
    endpoint.withdraw_interrupts();
    EXPECT_EQ(heard(), all);
}

TEST_F(EndpointTest, WithoutMsixThePinShowsWhatTheDeviceHas) {
    device.level = true;
    endpoint.raise_interrupt(0);
    EXPECT_EQ(world.pin_at, world.time) << "to be looked at now";
    EXPECT_TRUE(world.messages.empty());
    EXPECT_TRUE(endpoint.update_pin());
    EXPECT_NE(status() & reg::kStatusInterrupt, 0);

    command(reg::kCommandInterruptDisable);
    EXPECT_FALSE(endpoint.update_pin());
    EXPECT_NE(status() & reg::kStatusInterrupt, 0) << "pending, though disabled";
    command(0);
    config_write(kMsixControl, reg::kMsixEnable);
    EXPECT_FALSE(endpoint.update_pin());
    config_write(kMsixControl, 0);
    EXPECT_TRUE(endpoint.update_pin());

    endpoint.hold_in_reset(true);
    EXPECT_FALSE(endpoint.update_pin());
    EXPECT_EQ(status() & reg::kStatusInterrupt, 0);
    endpoint.hold_in_reset(false);
    device.has_power = false;
    EXPECT_FALSE(endpoint.update_pin());
}

TEST_F(EndpointTest, WritesAheadOfTimeTakeEffectInTheOrderOfTheirTimes) {
    enable();
    endpoint.write({500, Space::kBar0, 4, 0x14, 2});
    config_write(reg::kCommand, 0, 2, 700);
    endpoint.write({200, Space::kBar0, 4, 0x14, 1});
    endpoint.write({900, Space::kBar0, 4, 0x14, 3});
    EXPECT_EQ(world.writes_at, 200u);
    EXPECT_TRUE(world.writes.empty());
    EXPECT_TRUE(endpoint.memory_enabled(699));
    EXPECT_FALSE(endpoint.memory_enabled(700)) << "as the host that is ahead has written it";
    EXPECT_TRUE(endpoint.memory_enabled(0));

    world.time = 500;
    EXPECT_EQ(endpoint.arrival(50), 550u);
    EXPECT_EQ(world.writes, (std::vector<std::uint64_t>{1, 2}));
    EXPECT_EQ(world.writes_at, 700u);
    world.time = 1000;
    endpoint.take_due();
    EXPECT_EQ(world.writes.size(), 2u) << "the last found nobody who decodes it";
    EXPECT_TRUE(endpoint.under_way().empty());
}

TEST_F(EndpointTest, OneRegisterKeepsTheOrderOfItsWritesWhereTheDeviceWantsIt) {
    const HostWrite late{500, Space::kBar0, 4, kOrderedFrom, 1};
    EXPECT_EQ(endpoint.effect(late), 500u);
    endpoint.write(late);
    EXPECT_EQ(endpoint.effect({100, Space::kBar0, 4, kOrderedFrom, 2}), 500u);
    EXPECT_EQ(endpoint.effect({100, Space::kBar0, 4, kOrderedFrom + 4, 2}), 100u);
    endpoint.write({500, Space::kBar0, 4, 0x14, 1});
    EXPECT_EQ(endpoint.effect({100, Space::kBar0, 4, 0x14, 2}), 100u);
}

TEST_F(EndpointTest, AHostThatIsAheadReadsTheTableThatItHasWritten) {
    enable();
    endpoint.write({300, Space::kBar4, 4, 8, 0x1234});
    EXPECT_EQ(endpoint.read_bar4(8, 4, 299), 0u);
    EXPECT_EQ(endpoint.read_bar4(8, 4, 300), 0x1234u);
    world.time = 300;
    endpoint.take_due();
    EXPECT_EQ(endpoint.read_bar4(8, 4, 300), 0x1234u);
}

/// What a fault plan may say, one answer a place.
struct FixedFaults final : FunctionFaults {
    unsigned on_interrupt(std::uint16_t) override { return copies; }
    TimePs on_pin(TimePs now) override { return pin_delay == kNever ? kNever : now + pin_delay; }
    std::uint32_t on_config_read(std::uint16_t, unsigned, std::uint32_t) override { return 0xbad; }
    unsigned copies = 1;
    TimePs pin_delay = 0;
};

TEST_F(EndpointTest, AFaultPlanLosesAndDoublesMessagesButNotThoseOfItsOwn) {
    FixedFaults faults;
    endpoint.set_faults(&faults);
    enable();
    faults.copies = 0;
    endpoint.raise_interrupt(1);
    EXPECT_TRUE(world.messages.empty());
    EXPECT_FALSE(endpoint.msix().pending(1));
    faults.copies = 2;
    endpoint.raise_interrupt(1);
    EXPECT_EQ(world.messages, (Vectors{1, 1}));
    faults.copies = 0;
    endpoint.send_interrupt(2);
    EXPECT_EQ(world.messages, (Vectors{1, 1, 2}));
    endpoint.set_faults(nullptr);
    endpoint.raise_interrupt(1);
    EXPECT_EQ(world.messages, (Vectors{1, 1, 2, 1}));
}

TEST_F(EndpointTest, AFaultPlanAssertsThePinLateOrNotAtAll) {
    FixedFaults faults;
    faults.pin_delay = 100;
    endpoint.set_faults(&faults);
    device.level = true;
    EXPECT_FALSE(endpoint.update_pin());
    EXPECT_EQ(world.pin_at, 100u);
    world.time = 100;
    EXPECT_TRUE(endpoint.update_pin());
    device.level = false;
    EXPECT_FALSE(endpoint.update_pin());
    faults.pin_delay = kNever;
    world.pin_at = kNever;
    device.level = true;
    EXPECT_FALSE(endpoint.update_pin());
    EXPECT_EQ(world.pin_at, kNever);
    EXPECT_NE(status(), 0u) << "forged";
}

TEST_F(EndpointTest, AFaultPlanForgesWhatTheHostReadsAndNotWhatIsThere) {
    FixedFaults faults;
    endpoint.set_faults(&faults);
    EXPECT_EQ(endpoint.read_config(reg::kVendorId, 2, 0), 0xbadu);
    EXPECT_EQ(endpoint.config_space().read(reg::kVendorId, 2), 0x1b36u);
}

TEST_F(EndpointTest, TheDeviceHearsWhatOfAspmTheHostEnables) {
    constexpr std::uint16_t kLinkControl = ConfigSpace::kExpress + reg::kLinkControl;
    using Controls = std::vector<unsigned>;
    config_write(kLinkControl, 0x40);  // Common Clock Configuration
    EXPECT_EQ(device.aspm_controls, Controls{});
    config_write(kLinkControl, 0x42);
    config_write(kLinkControl, 0x42);
    config_write(kLinkControl, 0xffff'ffff, 4);
    EXPECT_EQ(device.aspm_controls, (Controls{2, 3}));
    config_write(kDeviceControl, reg::kInitiateFunctionLevelReset);
    EXPECT_EQ(device.aspm_controls, (Controls{2, 3})) << "the link is not the function's alone";
    endpoint.hold_in_reset(true);
    EXPECT_EQ(device.aspm_controls, (Controls{2, 3, 0}));
}

}  // namespace
}  // namespace pcie::test
