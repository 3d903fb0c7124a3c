// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "models/pcie/config_space.h"
#include "models/pcie/decoupled_writes.h"
#include "models/pcie/device.h"
#include "models/pcie/function_faults.h"
#include "models/pcie/interrupt_pin.h"
#include "models/pcie/msix.h"
#include "models/util/time.h"

namespace pcie {

/// What an endpoint needs from the world around it.
class EndpointWorld {
public:
    virtual ~EndpointWorld() = default;
    [[nodiscard]] virtual util::TimePs now() const = 0;
    /// A message leaves. May suspend the calling process.
    virtual void send(const Msix::Message& message) = 0;
    /// A write to BAR 0 reaches the device.
    virtual void write_device(const HostWrite& write) = 0;
    /// Nothing may be sent any more: what the device may use of host memory directly is withdrawn.
    virtual void on_requests_forbidden() = 0;
    // At `at`, or now: call update_pin(), send_released(), take_due().
    virtual void wake_pin(util::TimePs at) = 0;
    virtual void wake_messages() = 0;
    virtual void wake_writes(util::TimePs at) = 0;
};

/// A PCI Express function without SystemC: configuration space, MSI-X, the pin, resets, the link,
/// and in which order the writes of hosts take effect that are ahead of simulated time.
/// pcie::Function gives it sockets and processes.
class Endpoint final : private ConfigEvents {
public:
    /// The references must outlive it. Throws std::invalid_argument when validate(params) finds a
    /// problem.
    Endpoint(const FunctionParams& params, Device& device, EndpointWorld& world);
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    /// The function answers accesses: it has power, is not held in reset, and the link is up.
    [[nodiscard]] bool responding() const { return device_.powered() && connected(); }
    /// Requests and messages may be sent.
    [[nodiscard]] bool requests_allowed() const {
        return connected() && config_space_.bus_master_enabled();
    }
    [[nodiscard]] const ConfigSpace& config_space() const { return config_space_; }
    [[nodiscard]] const Msix& msix() const { return msix_; }

    // Accesses by hosts, `at` now or later; of sizes and at places that are allowed.
    /// When an access that is made with `delay` takes place. What was written for now has happened
    /// by then. Before each of the following.
    [[nodiscard]] util::TimePs arrival(util::TimePs delay);
    [[nodiscard]] bool memory_enabled(util::TimePs at) {
        return config_space_at(at).memory_enabled();
    }
    [[nodiscard]] std::uint32_t read_config(std::uint16_t offset, unsigned size, util::TimePs at);
    [[nodiscard]] std::uint64_t read_bar4(std::uint64_t offset, unsigned size, util::TimePs at);
    /// When the write takes effect: write.at, or later, where registers keep the order in which
    /// they were written.
    [[nodiscard]] util::TimePs effect(const HostWrite& write) const;
    /// Takes effect at write.at.
    void write(const HostWrite& write);
    /// Writes whose time has not come.
    [[nodiscard]] const DecoupledWrites& under_way() const { return under_way_; }
    void take_due();

    // The device's interrupts.
    /// A message, or its pending bit; a fault plan may have it otherwise. While MSI-X is disabled
    /// the pin shows what there is.
    void raise_interrupt(std::uint16_t vector);
    /// The same, whatever a fault plan says.
    void send_interrupt(std::uint16_t vector);
    /// Messages that are still pending are for nobody any more.
    void withdraw_interrupts();
    /// Device::interrupt_level() may have changed.
    void level_changed() { world_.wake_pin(world_.now()); }
    /// The level of the pin now.
    [[nodiscard]] bool update_pin();
    /// Sends the messages that waited for a mask to go away.
    void send_released();

    // What happens to it.
    /// Together with the device, which knows it already: the function's own registers.
    void reset_registers();
    /// PERST#.
    void hold_in_reset(bool held);
    /// The link goes down, which resets the function, or comes up.
    void set_link(bool up);
    /// It has been trained anew, and stays up.
    void set_link_speed(LinkSpeed speed) { config_space_.set_link_speed(speed); }
    /// Null: no fault plan.
    void set_faults(FunctionFaults* faults) { faults_ = faults; }

private:
    // ConfigEvents
    void on_function_level_reset() override;
    void on_config_changed() override;

    [[nodiscard]] bool connected() const { return !held_in_reset_ && link_up_; }
    void conventional_reset();
    void apply(const HostWrite& write);
    [[nodiscard]] const ConfigSpace& config_space_at(util::TimePs at);
    void config_settled();
    void all_vectors_changed() { device_.on_vectors_changed(0, msix_.vectors()); }

    const FunctionParams params_;
    Device& device_;
    EndpointWorld& world_;
    ConfigSpace config_space_;
    Msix msix_;
    InterruptPin pin_;
    FunctionFaults* faults_ = nullptr;
    DecoupledWrites under_way_;
    std::optional<ConfigSpace> config_preview_;
    bool requests_allowed_ = false;  // when it was last looked at
    unsigned aspm_control_ = 0;
    bool held_in_reset_ = false;
    bool link_up_ = true;
};

}  // namespace pcie
