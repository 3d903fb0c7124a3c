// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/mmio_port.h"

#include <utility>

#include "platform/modules/payload.h"

namespace platform {

MmioPort::MmioPort(const sc_core::sc_module_name& name, std::uint64_t ecam_base)
    : sc_module(name), socket("socket"), ecam_base_(ecam_base) {}

std::uint64_t MmioPort::config_address(unsigned device, std::uint32_t offset) const {
    return ecam_base_ + (std::uint64_t{device} << 15) + offset;
}

tlm::tlm_response_status MmioPort::access(tlm::tlm_command command, std::uint64_t address,
                                          void* data, unsigned length) {
    if (idle_.empty()) idle_.push_back(std::make_unique<tlm::tlm_generic_payload>());
    Payload trans = std::move(idle_.back());
    idle_.pop_back();

    prepare(*trans, command, address, data, length);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->b_transport(*trans, delay);
    const tlm::tlm_response_status status = trans->get_response_status();
    if (delay != sc_core::SC_ZERO_TIME) wait(delay);

    idle_.push_back(std::move(trans));
    if (status != tlm::TLM_OK_RESPONSE) ++bus_errors_;
    return status;
}

}  // namespace platform
