// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/module/function.h"

#include <utility>

#include "models/util/report.h"
#include "models/util/sc_spawn.h"

namespace pcie {

Function::Function(const sc_core::sc_module_name& name, const FunctionParams& params,
                   Device& device)
    : sc_module(name),
      bar0_size_(params.bar0_size),
      bar4_size_(params.bar4_size),
      requester_id_(params.requester_id),
      device_(device),
      endpoint_(params, device, *this) {
    bar0.register_b_transport(this, &Function::bar0_transport);
    bar4.register_b_transport(this, &Function::bar4_transport);
    config.register_b_transport(this, &Function::config_transport);
    bar0.register_transport_dbg(this, &Function::bar0_debug);
    bar4.register_transport_dbg(this, &Function::bar4_debug);
    config.register_transport_dbg(this, &Function::config_debug);
    upstream.register_b_transport(this, &Function::upstream_transport);
    upstream.register_get_direct_mem_ptr(this, &Function::upstream_dmi);
    upstream.register_transport_dbg(this, &Function::upstream_debug);
    dma.register_invalidate_direct_mem_ptr(this, &Function::invalidate_dmi);
}

void Function::end_of_elaboration() {
    util::spawn_method("drive_intx", pin_due_, [this] { drive_pin(); });
    util::spawn_method("decoupled_writes", writes_due_, [this] { endpoint_.take_due(); });
    sc_core::sc_spawn([this] { send_messages(); }, "messages");
    if (perst_n.size() == 0) return;
    util::spawn_method(
        "perst_changed", perst_n->value_changed_event(),
        [this] { endpoint_.hold_in_reset(!perst_n->read()); }, util::FirstRun::kAtStart);
}

void Function::drive_pin() {
    const bool level = endpoint_.update_pin();
    if (intx.size() != 0 && intx->read() != level) intx->write(level);
}

/// Messages that waited for a mask to go away. They leave from a thread, because the write that
/// removed the mask must not wait.
void Function::send_messages() {
    for (;;) {
        sc_core::wait(messages_due_);
        endpoint_.send_released();
    }
}

void Function::send(const Msix::Message& message) {
    device_.on_message(message);
    ++messages_sent_;
    TransactionPool::Handle tx = transactions_.take();
    std::uint32_t data = message.data;
    tx->set(tlm::TLM_WRITE_COMMAND, message.address, reinterpret_cast<unsigned char*>(&data),
            sizeof data);
    tx->extension.requester_id = requester_id_;
    tx->extension.kind = DmaExtension::Kind::kMessage;
    sc_core::sc_time delay;
    dma->b_transport(tx->payload, delay);
    const bool sent = tx->payload.is_response_ok();
    transactions_.give_back(std::move(tx));
    if (!sent)
        NVME_INFO(util::report::kGuest, sc_core::SC_MEDIUM,
                  name() << ": MSI-X message of vector " << message.vector << " to 0x" << std::hex
                         << message.address << " was refused");
}

void Function::upstream_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay) {
    if (!endpoint_.requests_allowed()) {
        tx.set_dmi_allowed(false);
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
    if (auto* extension = tx.get_extension<DmaExtension>()) {
        extension->requester_id = requester_id_;
        return dma->b_transport(tx, delay);
    }
    DmaExtension extension;
    extension.requester_id = requester_id_;
    tx.set_extension(&extension);
    dma->b_transport(tx, delay);
    tx.clear_extension(&extension);
}

bool Function::upstream_dmi(tlm::tlm_generic_payload& tx, tlm::tlm_dmi& dmi) {
    return endpoint_.requests_allowed() && dma->get_direct_mem_ptr(tx, dmi);
}

unsigned Function::upstream_debug(tlm::tlm_generic_payload& tx) {
    return endpoint_.requests_allowed() ? dma->transport_dbg(tx) : 0;
}

void Function::invalidate_dmi(sc_dt::uint64 first, sc_dt::uint64 last) {
    upstream->invalidate_direct_mem_ptr(first, last);
}

void Function::on_requests_forbidden() {
    upstream->invalidate_direct_mem_ptr(0, ~sc_dt::uint64{0});
}

}  // namespace pcie
