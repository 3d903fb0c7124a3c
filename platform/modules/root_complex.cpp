// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/root_complex.h"

#include <algorithm>
#include <cstring>

#include "models/pcie/dma_extension.h"
#include "models/util/report.h"
#include "platform/modules/payload.h"

namespace platform {

namespace {

/// Configuration registers that hold the low halves of the two BARs that are decoded.
constexpr std::uint32_t kBarRegister[] = {0x10, 0x20};
constexpr std::uint32_t kBarIsIo = 1;
constexpr std::uint32_t kBarTypeMask = 0x6;
constexpr std::uint32_t kBarType64 = 0x4;
constexpr std::uint32_t kBarAddressMask = 0xFFFF'FFF0;

unsigned checked_endpoints(unsigned endpoints) {
    if (endpoints >= 1 && endpoints <= 32) return endpoints;
    SC_REPORT_ERROR(util::report::kConfig, "root complex: endpoints must be 1 to 32");
    return 1;
}

bool is_all_ones(const tlm::tlm_generic_payload& trans) {
    const unsigned char* data = trans.get_data_ptr();
    return std::all_of(data, data + trans.get_data_length(),
                       [](unsigned char byte) { return byte == 0xff; });
}

}  // namespace

RootComplex::RootComplex(const sc_core::sc_module_name& name, const RootComplexParams& params)
    : sc_module(name),
      cpu("cpu"),
      config("config", checked_endpoints(params.endpoints)),
      bar0("bar0", config.size()),
      bar4("bar4", config.size()),
      upstream("upstream", config.size()),
      memory("memory"),
      params_(params),
      upstream_time_(params.bandwidth, params.latency_ns) {
    cpu.register_b_transport(this, &RootComplex::cpu_transport);
    cpu.register_transport_dbg(this, &RootComplex::cpu_transport_dbg);
    memory.register_invalidate_direct_mem_ptr(this, &RootComplex::invalidate);
    for (int i = 0; i < static_cast<int>(upstream.size()); ++i) {
        upstream[i].register_b_transport(this, &RootComplex::upstream_transport, i);
        upstream[i].register_transport_dbg(this, &RootComplex::upstream_transport_dbg, i);
        upstream[i].register_get_direct_mem_ptr(this, &RootComplex::upstream_dmi, i);
    }
}

std::uint64_t RootComplex::config_address(unsigned device, std::uint32_t offset) const {
    return params_.ecam_base + (std::uint64_t{device} << 15) + offset;
}

RootComplex::Route RootComplex::route(std::uint64_t address, unsigned length) {
    const std::uint64_t in_ecam = address - params_.ecam_base;  // wraps to a large value if below
    if (fits(in_ecam, length, kEcamBytes) && in_ecam < kEcamBytes)
        return route_config(in_ecam, length);
    const std::uint64_t in_mmio = address - params_.mmio_base;
    if (fits(in_mmio, length, params_.mmio_size) && in_mmio < params_.mmio_size)
        return route_bar(address);
    return {};
}

RootComplex::Route RootComplex::route_config(std::uint64_t offset, unsigned length) {
    Route target;
    target.inside_windows = true;
    target.is_config = true;
    target.endpoint = static_cast<unsigned>(offset >> 15);
    const unsigned function = (offset >> 12) & 7;
    target.offset = offset % kFunctionBytes;
    const bool exists =
        target.endpoint < config.size() && function == 0 && config[target.endpoint].size() != 0;
    if (exists && length <= kFunctionBytes - target.offset)
        target.socket = &config[target.endpoint];
    return target;
}

RootComplex::Route RootComplex::route_bar(std::uint64_t address) {
    Route target;
    target.inside_windows = true;
    // The nearest BAR below the address. One that was never probed for its size reaches up to the
    // next one, and the endpoint says where it really ends.
    std::uint64_t nearest = 0;
    for (unsigned endpoint = 0; endpoint < config.size(); ++endpoint) {
        for (unsigned index = 0; index < kDecodedBars; ++index) {
            const Bar& bar = bars_[endpoint][index];
            Downstream& socket = index == 0 ? bar0[endpoint] : bar4[endpoint];
            if (bar.base == 0 || bar.base > address || bar.base <= nearest) continue;
            nearest = bar.base;
            const bool claims = bar.size == 0 || address - bar.base < bar.size;
            target.endpoint = endpoint;
            target.offset = address - bar.base;
            target.socket = claims && socket.size() != 0 ? &socket : nullptr;
        }
    }
    return target;
}

void RootComplex::cpu_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
    const std::uint64_t address = trans.get_address();
    const Route target = route(address, footprint(trans));
    trans.set_dmi_allowed(false);
    if (!target.inside_windows) {
        trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    if (target.socket == nullptr) return answer_nobody(trans);

    if (delay != sc_core::SC_ZERO_TIME &&
        (moves_bar(trans, target, 0) || moves_bar(trans, target, 1))) {
        wait(delay);
        delay = sc_core::SC_ZERO_TIME;
    }
    trans.set_address(target.offset);
    (*target.socket)->b_transport(trans, delay);
    trans.set_dmi_allowed(false);
    if (!trans.is_response_ok())
        answer_nobody(trans);
    else
        snoop(trans, target);
    trans.set_address(address);
}

void RootComplex::answer_nobody(tlm::tlm_generic_payload& trans) {
    if (trans.is_read()) {
        fill(trans, 0xff);
        ++failed_reads_;
    } else {
        ++dropped_writes_;
    }
    trans.set_response_status(tlm::TLM_OK_RESPONSE);
}

bool RootComplex::moves_bar(const tlm::tlm_generic_payload& trans, const Route& target,
                            unsigned index) {
    const std::uint32_t reg = kBarRegister[index];
    return target.is_config && trans.is_write() && target.offset < reg + 8 &&
           target.offset + footprint(trans) > reg;
}

void RootComplex::snoop(const tlm::tlm_generic_payload& trans, const Route& target) {
    for (unsigned index = 0; index < kDecodedBars; ++index) {
        if (!moves_bar(trans, target, index)) continue;
        const bool sizing =
            target.offset == kBarRegister[index] && footprint(trans) == 4 && is_all_ones(trans);
        refresh_bar(target.endpoint, index, sizing);
    }
}

void RootComplex::refresh_bar(unsigned endpoint, unsigned index, bool sizing) {
    Bar& bar = bars_[endpoint][index];
    const std::uint32_t reg = kBarRegister[index];
    const std::uint32_t low = read_config(endpoint, reg);
    const std::uint32_t low_address = low & kBarAddressMask;
    bar.base = 0;
    if ((low & kBarIsIo) != 0) return;
    // After all ones the writable bits read as ones: their complement plus one is the size.
    if (sizing && low_address != 0) bar.size = ~low_address + 1u;
    std::uint64_t base = low_address;
    if ((low & kBarTypeMask) == kBarType64)
        base |= std::uint64_t{read_config(endpoint, reg + 4)} << 32;
    if (base - params_.mmio_base < params_.mmio_size) bar.base = base;
}

std::uint32_t RootComplex::read_config(unsigned endpoint, std::uint32_t offset) {
    std::uint32_t value = 0;
    tlm::tlm_generic_payload trans;
    prepare(trans, tlm::TLM_READ_COMMAND, offset, &value, sizeof(value));
    return config[endpoint]->transport_dbg(trans) == sizeof(value) ? value : 0;
}

unsigned RootComplex::cpu_transport_dbg(tlm::tlm_generic_payload& trans) {
    const std::uint64_t address = trans.get_address();
    const Route target = route(address, trans.get_data_length());
    if (target.socket == nullptr) return 0;
    trans.set_address(target.offset);
    const unsigned done = (*target.socket)->transport_dbg(trans);
    trans.set_address(address);
    return done;
}

void RootComplex::upstream_transport(int /*endpoint*/, tlm::tlm_generic_payload& trans,
                                     sc_core::sc_time& delay) {
    if (upstream_time_.takes_time()) delay += time_.to_sc(pass(trans, delay));
    memory->b_transport(trans, delay);
    if (upstream_time_.shared()) trans.set_dmi_allowed(false);
}

/// How much later a transaction is for what there is before it.
util::TimePs RootComplex::pass(const tlm::tlm_generic_payload& trans,
                               const sc_core::sc_time& delay) {
    util::TimePs from = util::later(time_.now(), time_.to_ps(delay));
    util::TimePs until = from;
    const auto* extension = trans.get_extension<pcie::DmaExtension>();
    if (extension != nullptr && extension->on_link_until != 0) {
        from = extension->on_link_from;
        until = extension->on_link_until;
    }
    return upstream_time_.pass(trans.is_write(), from, until, trans.get_data_length());
}

unsigned RootComplex::upstream_transport_dbg(int /*endpoint*/, tlm::tlm_generic_payload& trans) {
    return memory->transport_dbg(trans);
}

bool RootComplex::upstream_dmi(int /*endpoint*/, tlm::tlm_generic_payload& trans,
                               tlm::tlm_dmi& dmi) {
    if (upstream_time_.shared()) {
        dmi.init();
        return false;
    }
    const bool granted = memory->get_direct_mem_ptr(trans, dmi);
    const sc_core::sc_time latency = time_.to_sc(upstream_time_.latency());
    dmi.set_read_latency(dmi.get_read_latency() + latency);
    dmi.set_write_latency(dmi.get_write_latency() + latency);
    return granted;
}

void RootComplex::invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
    for (Upstream& endpoint : upstream) {
        if (endpoint.get_base_port().size() != 0) endpoint->invalidate_direct_mem_ptr(first, last);
    }
}

}  // namespace platform
