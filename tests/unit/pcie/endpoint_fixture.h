// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "models/pcie/config_registers.h"
#include "models/pcie/endpoint.h"
#include "tests/unit/pcie/config_fixture.h"

namespace pcie::test {

struct FakeDevice final : Device {
    [[nodiscard]] bool powered() const override { return has_power; }
    void on_reset(ResetKind kind) override { resets.push_back(kind); }
    void on_config_changed() override { ++config_changes; }
    void on_aspm_control(unsigned control) override { aspm_controls.push_back(control); }
    [[nodiscard]] bool interrupt_level() const override { return level; }
    [[nodiscard]] bool accepts_write(std::uint32_t, unsigned) override { return true; }
    void on_access_refused(std::uint32_t, unsigned, bool) override {}
    void on_config_written(std::uint16_t, unsigned, std::uint32_t) override {}
    void on_vectors_changed(unsigned first, unsigned end) override {
        vector_changes.emplace_back(first, end);
    }
    void on_interrupt_held(std::uint16_t vector) override { held.push_back(vector); }
    void on_message(const Msix::Message&) override {}

    bool has_power = true;
    bool level = false;
    std::vector<ResetKind> resets;
    std::vector<unsigned> aspm_controls;
    std::vector<std::pair<unsigned, unsigned>> vector_changes;
    std::vector<std::uint16_t> held;
    unsigned config_changes = 0;
};

struct FakeWorld final : EndpointWorld {
    [[nodiscard]] util::TimePs now() const override { return time; }
    void send(const Msix::Message& message) override { messages.push_back(message.vector); }
    void write_device(const HostWrite& write) override { writes.push_back(write.value); }
    void on_requests_forbidden() override { ++withdrawals; }
    void wake_pin(util::TimePs at) override { pin_at = at; }
    void wake_messages() override { ++message_wakes; }
    void wake_writes(util::TimePs at) override { writes_at = at; }

    util::TimePs time = 0, pin_at = util::kNever, writes_at = util::kNever;
    std::vector<std::uint16_t> messages;
    std::vector<std::uint64_t> writes;
    unsigned withdrawals = 0, message_wakes = 0;
};

/// A function with a device and a world of the test's making.
class EndpointTest : public testing::Test {
protected:
    static constexpr std::uint16_t kMsixControl = ConfigSpace::kMsix + reg::kMsixControl;
    static constexpr std::uint16_t kDeviceControl = ConfigSpace::kExpress + reg::kDeviceControl;
    static constexpr std::uint32_t kOrderedFrom = 0x1000;

    static FunctionParams function() {
        FunctionParams params = example_function();
        params.bar0_ordered_from = kOrderedFrom;
        return params;
    }
    void config_write(std::uint16_t offset, std::uint32_t value, unsigned size = 2,
                      util::TimePs at = 0) {
        endpoint.write({at, Space::kConfig, static_cast<std::uint8_t>(size), offset, value});
    }
    void command(std::uint16_t bits) { config_write(reg::kCommand, bits); }
    /// Memory Space and Bus Master Enable, MSI-X on, vectors 0 to 3 unmasked.
    void enable() {
        command(reg::kCommandMemorySpace | reg::kCommandBusMaster);
        config_write(kMsixControl, reg::kMsixEnable);
        for (std::uint32_t v = 0; v < 4; ++v) mask(v, false);
    }
    void mask(std::uint32_t vector, bool masked) {
        endpoint.write({world.time, Space::kBar4, 4, vector * 16 + 12, masked ? 1u : 0u});
    }
    std::uint16_t status() {
        return static_cast<std::uint16_t>(endpoint.read_config(reg::kStatus, 2, world.time));
    }

    FakeDevice device;
    FakeWorld world;
    Endpoint endpoint{function(), device, world};
};

}  // namespace pcie::test
