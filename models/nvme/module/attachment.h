// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/ports/fault_hooks.h"
#include "models/pcie/wire_time.h"

namespace nvme {

/// What a controller is attached to its host by: a PCI Express function, or the bus and the wires
/// of a platform.
class Attachment {
public:
    virtual ~Attachment() = default;
    /// DMA may leave.
    [[nodiscard]] virtual bool requests_allowed() const = 0;
    /// Completion queues with this vector have new entries. A fault plan may lose it.
    virtual void raise_interrupt(std::uint16_t vector) = 0;
    /// A fault plan makes it happen: whatever it says of interrupts is not asked again.
    virtual void send_interrupt(std::uint16_t vector) = 0;
    /// Interrupts that have not gone out are for nobody any more.
    virtual void withdraw_interrupts() = 0;
    /// Controller::intx_level(), or the interrupt mask, may have changed.
    virtual void level_changed() = 0;
    /// An NVM Subsystem Reset, or the loss of power.
    virtual void on_conventional_reset() = 0;
    /// The controller is unplugged, which resets it, or plugged in.
    virtual void set_link(bool up) = 0;
    /// Its link has been trained anew and has this speed. One of generation 0 has none.
    virtual void on_link_trained(pcie::LinkSpeed speed) = 0;
    /// Whose faults its interrupts have from now on; null: none.
    virtual void set_interrupt_faults(FaultHooks* faults) = 0;
    /// Somebody else listens to the controller from now on, or nobody.
    virtual void on_trace_changed() = 0;
};

}  // namespace nvme
