// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/pcie/endpoint.h"
#include "models/pcie/module/transaction_pool.h"
#include "models/util/sc_time_ps.h"
#include "models/util/sysc_compat.h"

namespace pcie {

/// A PCI Express function with one device behind it, whatever that is: configuration space, BARs,
/// MSI-X, the pin, resets and the transaction rules. Accesses to bar0, bar4 and config never wait,
/// and take effect at their own time when they carry a delay.
class Function : public sc_core::sc_module, private EndpointWorld {
public:
    // Towards the root complex.
    /// The registers of the device. Addresses are offsets.
    tlm_utils::simple_target_socket<Function> bar0{"bar0"};
    /// MSI-X table and Pending Bit Array. Addresses are offsets.
    tlm_utils::simple_target_socket<Function> bar4{"bar4"};
    /// 4 KiB PCI Express configuration space. Addresses are offsets.
    tlm_utils::simple_target_socket<Function> config{"config"};
    /// Every request of the device, and every message as a write of 4 bytes. They carry a
    /// DmaExtension with the requester id.
    tlm_utils::simple_initiator_socket<Function> dma{"dma"};
    /// Fundamental reset, low active. May stay unbound.
    sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> perst_n{
        "perst_n"};
    /// The pin, high active. May stay unbound.
    sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> intx{
        "intx"};

    // Towards the device.
    /// What passes bar0, at the time at which it takes effect. The device must not wait in it. A
    /// read carries a ReadAhead while writes are under way.
    tlm_utils::simple_initiator_socket<Function> regs{"regs"};
    /// What the device wants of the host: refused while requests may not be sent, as the direct
    /// memory pointers are that have been granted through it.
    tlm_utils::simple_target_socket<Function> upstream{"upstream"};

    /// `device` must outlive it. `params` must be valid.
    Function(const sc_core::sc_module_name& name, const FunctionParams& params, Device& device);

    /// Interrupts, resets and state.
    [[nodiscard]] Endpoint& endpoint() { return endpoint_; }
    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
    [[nodiscard]] std::uint64_t messages_sent() const { return messages_sent_; }

private:
    // Targets; called in the initiator's process, never waiting.
    void bar0_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    void bar4_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    void config_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    void read_bar0(tlm::tlm_generic_payload& tx, util::TimePs at);
    void write_bar0(tlm::tlm_generic_payload& tx, util::TimePs at);
    void pass_on(tlm::tlm_generic_payload& tx);
    unsigned bar0_debug(tlm::tlm_generic_payload& tx);
    unsigned bar4_debug(tlm::tlm_generic_payload& tx);
    unsigned config_debug(tlm::tlm_generic_payload& tx);

    // From the device to the host and back.
    void upstream_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    bool upstream_dmi(tlm::tlm_generic_payload& tx, tlm::tlm_dmi& dmi);
    unsigned upstream_debug(tlm::tlm_generic_payload& tx);
    void invalidate_dmi(sc_dt::uint64 first, sc_dt::uint64 last);

    // EndpointWorld
    [[nodiscard]] util::TimePs now() const override { return time_.now(); }
    void send(const Msix::Message& message) override;
    void write_device(const HostWrite& write) override;
    void on_requests_forbidden() override;
    void wake_pin(util::TimePs at) override { time_.notify_at(pin_due_, at); }
    void wake_messages() override { messages_due_.notify(sc_core::SC_ZERO_TIME); }
    void wake_writes(util::TimePs at) override { time_.notify_at(writes_due_, at); }

    void end_of_elaboration() override;
    void drive_pin();
    void send_messages();

    const util::ScTimePs time_;
    const std::uint64_t bar0_size_, bar4_size_;
    const std::uint16_t requester_id_;
    Device& device_;
    Endpoint endpoint_;
    TransactionPool transactions_;
    tlm::tlm_generic_payload posted_;  // a write that comes to take effect
    std::uint64_t messages_sent_ = 0;
    sc_core::sc_event pin_due_{"pin_due"};
    sc_core::sc_event messages_due_{"messages_due"};
    sc_core::sc_event writes_due_{"writes_due"};
};

}  // namespace pcie
