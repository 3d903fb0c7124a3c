// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <tlm>

#include "models/nvme/module/attachment.h"
#include "models/nvme/module/controller_module.h"
#include "models/nvme/module/controller_runtime.h"
#include "models/nvme/module/vector_news.h"
#include "models/pcie/device.h"
#include "models/pcie/module/function.h"

namespace nvme {

/// An NVMe 2.0 controller as a PCI Express endpoint: the component that a virtual platform
/// instantiates. Sockets and ports are the whole interface to the host; the methods are for the
/// platform around it and may be called from any SystemC process.
///
/// It is a PCI Express function with a controller behind it, and translates between the two.
/// Accesses to bar0, bar4 and config never wait; DMA may, if the target does.
class NvmeController : public sc_core::sc_module,
                       public ControllerRuntime,
                       private Attachment,
                       private pcie::Device {
public:
    /// 64 KiB: controller properties from 0000h, doorbells from 1000h. Addresses are offsets.
    tlm::tlm_target_socket<32> bar0{"bar0"};
    /// MSI-X table and Pending Bit Array. Addresses are offsets.
    tlm::tlm_target_socket<32> bar4{"bar4"};
    /// 4 KiB PCI Express configuration space. Addresses are offsets.
    tlm::tlm_target_socket<32> config{"config"};
    /// Every access to host memory, and every MSI-X message as a write of 4 bytes. Transactions
    /// carry a pcie::DmaExtension.
    tlm::tlm_initiator_socket<32> dma{"dma"};
    /// Fundamental reset, low active. May stay unbound.
    sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> perst_n{
        "perst_n"};
    /// Pin-based interrupt, high active: used while MSI-X is disabled and only with params.intx.
    /// May stay unbound.
    sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> intx{
        "intx"};

    /// A controller with an NVM subsystem of its own. Bad parameters: SC_ERROR (/nvme/config) that
    /// lists all of them. Who it is follows from its hierarchical name where the parameters do not
    /// say it; two that a host would take for one are an SC_WARNING at the end of elaboration.
    explicit NvmeController(const sc_core::sc_module_name& name,
                            const ControllerParams& params = {});
    /// One of several controllers of a subsystem.
    NvmeController(const sc_core::sc_module_name& name, const ControllerParams& params,
                   std::shared_ptr<Subsystem> subsystem);

    /// The link goes down or comes up. While it is down every access is refused and no DMA leaves;
    /// going down resets the function.
    void set_link(bool up) override { function_.endpoint().set_link(up); }
    [[nodiscard]] const pcie::ConfigSpace& config_space() const {
        return function_.endpoint().config_space();
    }
    [[nodiscard]] const pcie::Msix& msix() const { return function_.endpoint().msix(); }
    /// Transfers on `dma`: what a simulation costs, whatever the host computer.
    [[nodiscard]] TlmHostMemory::Counters dma_counters() const;

    /// A subsystem to share. One without subsystem_nqn gets a name from where it is made.
    static std::shared_ptr<Subsystem> make_subsystem(const ControllerParams& params);

private:
    // Attachment
    [[nodiscard]] bool requests_allowed() const override {
        return function_.endpoint().requests_allowed();
    }
    void raise_interrupt(std::uint16_t vector) override {
        function_.endpoint().raise_interrupt(vector);
    }
    void send_interrupt(std::uint16_t vector) override {
        function_.endpoint().send_interrupt(vector);
    }
    void withdraw_interrupts() override { function_.endpoint().withdraw_interrupts(); }
    void level_changed() override { function_.endpoint().level_changed(); }
    void on_conventional_reset() override { function_.endpoint().reset_registers(); }
    void on_link_trained(pcie::LinkSpeed speed) override {
        if (speed.gen != 0) function_.endpoint().set_link_speed(speed);
    }
    void set_interrupt_faults(FaultHooks* faults) override {
        function_.endpoint().set_faults(faults);
    }
    void on_trace_changed() override;
    // pcie::Device
    [[nodiscard]] bool powered() const override { return controller_.core().powered(); }
    void on_reset(pcie::ResetKind kind) override;
    void on_config_changed() override { controller_.core().dma_enable_changed(); }
    void on_aspm_control(unsigned control) override { controller_.core().set_aspm(control); }
    [[nodiscard]] bool interrupt_level() const override { return controller_.core().intx_level(); }
    [[nodiscard]] bool accepts_write(std::uint32_t offset, unsigned size) override {
        return controller_.accepts_write(offset, size);
    }
    void on_access_refused(std::uint32_t offset, unsigned size, bool write) override;
    void on_config_written(std::uint16_t offset, unsigned size, std::uint32_t value) override;
    void on_vectors_changed(unsigned first, unsigned end) override;
    void on_interrupt_held(std::uint16_t vector) override;
    void on_message(const pcie::Msix::Message& message) override;
    [[nodiscard]] observe::InterruptHold why_held() const;

    VectorNews vectors_;
    std::vector<std::optional<observe::InterruptHold>> held_;  // what the trace knows of vectors
    ControllerModule controller_;
    pcie::Function function_;
};

}  // namespace nvme
