// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>

#include <tlm>

#include "models/nvme/module/attachment.h"
#include "models/nvme/module/controller_module.h"
#include "models/nvme/module/controller_runtime.h"
#include "models/pcie/interrupt_pin.h"

namespace nvme {

/// How a PlatformNvme tells its host that there are completions: by a level, by messages, or both.
struct PlatformInterrupts {
    bool level = true;                  ///< drive `irq`
    std::uint64_t message_address = 0;  ///< where messages of 4 bytes go; 0: none
    std::uint32_t message_data = 0;     ///< of vector 0; each further vector is one more
};

/// An NVMe 2.0 controller without PCI Express: registers on a bus, an interrupt wire or messages,
/// and a reset pin. There is no configuration space to enable anything in: it answers and may use
/// `dma` from the start. What the parameters say of PCI but of the link has no meaning;
/// `msix_vectors` is the number of interrupt vectors, `intx` follows from PlatformInterrupts.
class PlatformNvme : public sc_core::sc_module, public ControllerRuntime, private Attachment {
public:
    /// 64 KiB: controller properties from 0000h, doorbells from 1000h. Addresses are offsets.
    tlm::tlm_target_socket<32> regs{"regs"};
    /// Every access to host memory, and every message as a write of 4 bytes. Transactions carry a
    /// pcie::DmaExtension, whose requester_id is that of the parameters.
    tlm::tlm_initiator_socket<32> dma{"dma"};
    /// Reset, low active. May stay unbound.
    sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> rst_n{
        "rst_n"};
    /// High while a completion queue with interrupts enabled holds entries that the host has not
    /// acknowledged, and INTMS does not mask its vector. May stay unbound.
    sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> irq{
        "irq"};

    /// Bad parameters: SC_ERROR (/nvme/config) that lists all of them. Identity as of
    /// NvmeController.
    explicit PlatformNvme(const sc_core::sc_module_name& name, const ControllerParams& params = {},
                          const PlatformInterrupts& interrupts = {});
    /// One of several controllers of a subsystem.
    PlatformNvme(const sc_core::sc_module_name& name, const ControllerParams& params,
                 const PlatformInterrupts& interrupts, std::shared_ptr<Subsystem> subsystem);

    /// Unplugged, or plugged in: while it is off its bus every access is refused and no DMA leaves;
    /// unplugging resets it.
    void set_link(bool up) override;
    /// Transfers on `dma`.
    [[nodiscard]] const TlmHostMemory::Counters& dma_counters() const {
        return controller_.memory().counters();
    }

private:
    // Attachment
    [[nodiscard]] bool requests_allowed() const override { return plugged_ && !in_reset_; }
    void raise_interrupt(std::uint16_t vector) override;
    void send_interrupt(std::uint16_t vector) override;
    void withdraw_interrupts() override { held_ = 0; }
    void level_changed() override;
    void on_conventional_reset() override { level_changed(); }
    void on_link_trained(pcie::LinkSpeed) override {}  // there is no register to show it
    void set_interrupt_faults(FaultHooks* faults) override { faults_ = faults; }
    void on_trace_changed() override {}  // there are no vectors to tell of

    void end_of_elaboration() override;
    void drive_irq();
    void send_held_messages();
    void reset_changed();
    [[nodiscard]] bool sends_messages() const { return interrupts_.message_address != 0; }

    const PlatformInterrupts interrupts_;
    const util::ScTimePs time_;
    ControllerModule controller_;
    pcie::InterruptPin pin_;
    FaultHooks* faults_ = nullptr;
    std::uint32_t held_ = 0;  // messages that INTMS holds back, a bit each vector
    bool plugged_ = true;
    bool in_reset_ = false;
    sc_core::sc_event irq_due_{"irq_due"};
    sc_core::sc_event unmasked_{"unmasked"};
};

}  // namespace nvme
