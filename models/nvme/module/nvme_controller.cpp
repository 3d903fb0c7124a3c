// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/nvme_controller.h"

#include "models/nvme/module/make_subsystem.h"
#include "models/nvme/spec/registers.h"
#include "models/util/mix64.h"

namespace nvme {
namespace {

/// An EUI-64 that no other function has: the vendor's, the subsystem's, the controller's part.
std::uint64_t device_serial_number(const ControllerParams& p) {
    const std::uint64_t subsystem = util::mix64(p.subsystem_nqn) & 0xff'ffff;
    return std::uint64_t{p.ieee_oui} << 40 | subsystem << 16 | p.controller_id;
}

pcie::FunctionParams function_params(const ControllerParams& p) {
    pcie::FunctionParams f;
    f.vendor_id = p.vendor_id;
    f.device_id = p.device_id;
    f.subsystem_vendor_id = p.subsystem_vendor_id;
    f.subsystem_id = p.subsystem_id;
    f.revision_id = p.revision_id;
    f.class_code = 0x010802;  // mass storage, non-volatile memory, NVM Express I/O controller
    f.bar0_size = ControllerModule::kRegisterBytes;
    f.bar4_size = pcie::Msix::bar_size(p.msix_vectors);
    f.msix_vectors = p.msix_vectors;
    f.msix_pba_offset = static_cast<std::uint32_t>(pcie::Msix::pba_offset(p.msix_vectors));
    f.intx_pin = p.intx;
    f.link_gen = p.link.gen == 0 ? 5 : p.link.gen;  // an infinitely fast link must claim something
    f.link_lanes = p.link.lanes;
    f.max_payload_bytes = p.link.max_payload;
    if (p.link.has_l0s()) f.l0s_exit_ns = p.link.l0s_exit_ns;
    if (p.link.has_l1()) f.l1_exit_ns = p.link.l1_exit_ns;
    f.device_serial_number = device_serial_number(p);
    f.requester_id = p.requester_id;
    // A queue goes only forward: whoever rings it is not overtaken by one who rings it later, even
    // if that one's time is earlier.
    f.bar0_ordered_from = spec::offset::kDoorbells;
    return f;
}

}  // namespace

std::shared_ptr<Subsystem> NvmeController::make_subsystem(const ControllerParams& params) {
    return nvme::make_subsystem(params);
}

NvmeController::NvmeController(const sc_core::sc_module_name& name, const ControllerParams& params)
    : NvmeController(name, params, nullptr) {}

NvmeController::NvmeController(const sc_core::sc_module_name& name, const ControllerParams& params,
                               std::shared_ptr<Subsystem> subsystem)
    : sc_module(name),
      ControllerRuntime(controller_),
      controller_("controller", ControllerModule::complete(params, this->name(), subsystem.get()),
                  subsystem, *this),
      function_("function", function_params(controller_.params()), *this) {
    bar0.bind(function_.bar0);
    bar4.bind(function_.bar4);
    config.bind(function_.config);
    function_.dma.bind(dma);
    function_.perst_n.bind(perst_n);
    function_.intx.bind(intx);
    function_.regs.bind(controller_.regs);
    controller_.dma.bind(function_.upstream);
}

TlmHostMemory::Counters NvmeController::dma_counters() const {
    TlmHostMemory::Counters counters = controller_.memory().counters();
    counters.transactions += function_.messages_sent();
    return counters;
}

void NvmeController::on_reset(pcie::ResetKind kind) {
    controller_.core().reset(kind == pcie::ResetKind::kFunctionLevel ? ResetKind::kFunction
                                                                     : ResetKind::kConventional);
}

void NvmeController::on_access_refused(std::uint32_t offset, unsigned size, bool write) {
    controller_.record_refusal(offset, size, write, observe::AccessRefusal::kMemorySpace);
}

void NvmeController::on_config_written(std::uint16_t offset, unsigned size, std::uint32_t value) {
    const ControllerState& state = controller_.core().state();
    state.record([&] {
        return observe::ConfigWrite{state.now(), offset, static_cast<std::uint8_t>(size), value};
    });
}

void NvmeController::on_trace_changed() {
    const pcie::Msix& msix = function_.endpoint().msix();
    vectors_.forget(msix);
    held_.assign(msix.vectors(), std::nullopt);
    on_vectors_changed(0, msix.vectors());
}

void NvmeController::on_vectors_changed(unsigned first, unsigned end) {
    const ControllerState& state = controller_.core().state();
    if (state.details == nullptr) return;
    const pcie::Endpoint& endpoint = function_.endpoint();
    vectors_.tell(state, endpoint.msix(), endpoint.config_space().msix_function_masked(), first,
                  end);
}

observe::InterruptHold NvmeController::why_held() const {
    using Hold = observe::InterruptHold;
    const pcie::Endpoint& endpoint = function_.endpoint();
    if (!endpoint.config_space().msix_enabled()) return Hold::kMsixDisabled;
    if (!endpoint.requests_allowed()) return Hold::kNotAllowed;
    return endpoint.config_space().msix_function_masked() ? Hold::kFunction : Hold::kVector;
}

void NvmeController::on_interrupt_held(std::uint16_t vector) {
    const ControllerState& state = controller_.core().state();
    if (state.trace == nullptr) return;
    const observe::InterruptHold why = why_held();
    // A host that polls is told of each completion in vain.
    if (vector >= held_.size() || held_[vector] == why) return;
    held_[vector] = why;
    state.trace->record(observe::InterruptHeld{state.now(), vector, why});
}

void NvmeController::on_message(const pcie::Msix::Message& message) {
    const ControllerState& state = controller_.core().state();
    if (message.vector < held_.size()) held_[message.vector].reset();
    state.record([&] { return observe::Interrupt{state.now(), message.vector, message.address}; });
}

}  // namespace nvme
