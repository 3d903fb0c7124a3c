// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/controller/dma_probe.h"

#include <algorithm>

namespace nvme::test {
namespace {

DmaAccess describe(tlm::tlm_generic_payload& tx, const sc_core::sc_time& delay) {
    DmaAccess a;
    a.at = sc_core::sc_time_stamp();
    a.delay = delay;
    a.write = tx.is_write();
    a.address = tx.get_address();
    a.length = tx.get_data_length();
    a.well_formed = tx.get_streaming_width() == a.length && tx.get_byte_enable_ptr() == nullptr &&
                    tx.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE &&
                    !tx.is_dmi_allowed() && tx.get_data_ptr() != nullptr && a.length != 0;
    if (const auto* extension = tx.get_extension<pcie::DmaExtension>()) {
        a.extended = true;
        a.requester_id = extension->requester_id;
        a.kind = extension->kind;
    }
    return a;
}

}  // namespace

DmaProbe::DmaProbe(const sc_core::sc_module_name& name) : sc_module(name) {
    in.register_b_transport(this, &DmaProbe::b_transport);
    in.register_get_direct_mem_ptr(this, &DmaProbe::get_direct_mem_ptr);
    out.register_invalidate_direct_mem_ptr(this, &DmaProbe::invalidate);
}

std::size_t DmaProbe::after(const sc_core::sc_time& time) const {
    return static_cast<std::size_t>(std::count_if(
        log.begin(), log.end(), [&](const DmaAccess& access) { return access.at > time; }));
}

void DmaProbe::b_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay) {
    ++inside_;
    const DmaAccess access = describe(tx, delay);
    log.push_back(access);
    const auto answer = hook ? hook(access, delay) : tlm::TLM_OK_RESPONSE;
    if (answer == tlm::TLM_OK_RESPONSE)
        out->b_transport(tx, delay);
    else
        tx.set_response_status(answer);
    if (!grant_dmi) tx.set_dmi_allowed(false);
    --inside_;
}

bool DmaProbe::get_direct_mem_ptr(tlm::tlm_generic_payload& tx, tlm::tlm_dmi& dmi) {
    if (!grant_dmi) return false;
    const bool granted = out->get_direct_mem_ptr(tx, dmi);
    if (granted) ++dmi_grants_;
    return granted;
}

void DmaProbe::invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
    in->invalidate_direct_mem_ptr(first, last);
}

}  // namespace nvme::test
