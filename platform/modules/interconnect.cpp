// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/interconnect.h"

#include <algorithm>

#include "models/util/report.h"
#include "platform/modules/payload.h"

namespace platform {

Interconnect::Interconnect(const sc_core::sc_module_name& name, unsigned inputs, unsigned outputs)
    : sc_module(name), in("in", inputs), out("out", outputs) {
    for (unsigned i = 0; i < inputs; ++i) {
        in[i].register_b_transport(this, &Interconnect::b_transport, static_cast<int>(i));
        in[i].register_transport_dbg(this, &Interconnect::transport_dbg, static_cast<int>(i));
        in[i].register_get_direct_mem_ptr(this, &Interconnect::get_direct_mem_ptr,
                                          static_cast<int>(i));
    }
    for (unsigned i = 0; i < outputs; ++i)
        out[i].register_invalidate_direct_mem_ptr(this, &Interconnect::invalidate,
                                                  static_cast<int>(i));
}

void Interconnect::map(std::uint64_t base, std::uint64_t size, unsigned output,
                       std::uint64_t offset) {
    const std::uint64_t last = base + size - 1;
    const bool valid = size != 0 && last >= base && offset + (size - 1) >= offset;
    const auto overlaps = [&](const Region& r) { return base <= r.last && r.first <= last; };
    if (!valid || output >= out.size()) {
        SC_REPORT_ERROR(util::report::kConfig, "interconnect: invalid region or output");
    } else if (std::any_of(regions_.begin(), regions_.end(), overlaps)) {
        SC_REPORT_ERROR(util::report::kConfig, "interconnect: region overlaps another");
    } else {
        const auto place =
            std::upper_bound(regions_.begin(), regions_.end(), base,
                             [](std::uint64_t b, const Region& r) { return b < r.first; });
        regions_.insert(place, Region{base, last, output, offset});
    }
}

void Interconnect::end_of_elaboration() {
    for (const Region& region : regions_) {
        if (out[region.output].size() == 0)
            SC_REPORT_ERROR(util::report::kConfig, "interconnect: output of a region is not bound");
    }
}

const Interconnect::Region* Interconnect::find(std::uint64_t address) const {
    const auto above =
        std::upper_bound(regions_.begin(), regions_.end(), address,
                         [](std::uint64_t a, const Region& r) { return a < r.first; });
    if (above == regions_.begin()) return nullptr;
    const Region& region = *(above - 1);
    return address <= region.last ? &region : nullptr;
}

void Interconnect::b_transport(int /*input*/, tlm::tlm_generic_payload& trans,
                               sc_core::sc_time& delay) {
    const std::uint64_t address = trans.get_address();
    const unsigned length = footprint(trans);
    const Region* region = find(address);
    if (region == nullptr || (length != 0 && length - 1 > region->last - address)) {
        trans.set_dmi_allowed(false);
        trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    trans.set_address(address - region->first + region->offset);
    out[region->output]->b_transport(trans, delay);
    trans.set_address(address);
}

unsigned Interconnect::transport_dbg(int /*input*/, tlm::tlm_generic_payload& trans) {
    const std::uint64_t address = trans.get_address();
    const unsigned length = trans.get_data_length();
    const Region* region = find(address);
    if (region == nullptr || length == 0) return 0;
    const auto clipped =
        std::min<std::uint64_t>(length - 1, region->last - address);  // one less than the length
    trans.set_data_length(static_cast<unsigned>(clipped + 1));
    trans.set_address(address - region->first + region->offset);
    const unsigned done = out[region->output]->transport_dbg(trans);
    trans.set_address(address);
    trans.set_data_length(length);
    return done;
}

bool Interconnect::get_direct_mem_ptr(int /*input*/, tlm::tlm_generic_payload& trans,
                                      tlm::tlm_dmi& dmi) {
    const std::uint64_t address = trans.get_address();
    const Region* region = find(address);
    if (region == nullptr) {
        deny_gap(address, dmi);
        return false;
    }
    const std::uint64_t window_first = region->offset;
    const std::uint64_t window_last = region->offset + (region->last - region->first);
    trans.set_address(address - region->first + window_first);
    const bool granted = out[region->output]->get_direct_mem_ptr(trans, dmi);
    trans.set_address(address);

    const std::uint64_t first = std::max<std::uint64_t>(dmi.get_start_address(), window_first);
    const std::uint64_t last = std::min<std::uint64_t>(dmi.get_end_address(), window_last);
    if (granted) dmi.set_dmi_ptr(dmi.get_dmi_ptr() + (first - dmi.get_start_address()));
    dmi.set_start_address(first - window_first + region->first);
    dmi.set_end_address(last - window_first + region->first);
    return granted;
}

void Interconnect::deny_gap(std::uint64_t address, tlm::tlm_dmi& dmi) const {
    dmi.init();
    std::uint64_t first = 0;
    std::uint64_t last = ~std::uint64_t{0};
    for (const Region& region : regions_) {
        if (region.last < address) first = region.last + 1;
        if (region.first > address) last = std::min(last, region.first - 1);
    }
    dmi.set_start_address(first);
    dmi.set_end_address(last);
}

void Interconnect::invalidate(int output, sc_dt::uint64 first, sc_dt::uint64 last) {
    for (const Region& region : regions_) {
        const std::uint64_t window_last = region.offset + (region.last - region.first);
        if (region.output != static_cast<unsigned>(output) || first > window_last ||
            last < region.offset)
            continue;
        const std::uint64_t from = std::max<std::uint64_t>(first, region.offset);
        const std::uint64_t to = std::min<std::uint64_t>(last, window_last);
        for (Input& input : in) {
            if (input.get_base_port().size() == 0) continue;
            input->invalidate_direct_mem_ptr(from - region.offset + region.first,
                                             to - region.offset + region.first);
        }
    }
}

}  // namespace platform
