// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"
#include "platform/modules/payload.h"

namespace platform {

/// Bare initiator: one payload, and a record of the DMI invalidations that arrive.
class BusInitiator : public sc_core::sc_module {
public:
    explicit BusInitiator(const sc_core::sc_module_name& name) : sc_module(name), socket("socket") {
        socket.register_invalidate_direct_mem_ptr(this, &BusInitiator::invalidate);
    }

    tlm_utils::simple_initiator_socket<BusInitiator> socket;
    tlm::tlm_generic_payload trans;
    sc_core::sc_time delay;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> invalidated;

    /// Sends `trans` as the caller has prepared it.
    tlm::tlm_response_status send() {
        delay = sc_core::SC_ZERO_TIME;
        socket->b_transport(trans, delay);
        return trans.get_response_status();
    }
    tlm::tlm_response_status read(std::uint64_t address, void* data, unsigned length) {
        prepare(trans, tlm::TLM_READ_COMMAND, address, data, length);
        return send();
    }
    tlm::tlm_response_status write(std::uint64_t address, const void* data, unsigned length) {
        prepare(trans, tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), length);
        return send();
    }
    bool ask_dmi(std::uint64_t address, tlm::tlm_dmi& dmi) {
        prepare(trans, tlm::TLM_READ_COMMAND, address, nullptr, 0);
        dmi.init();
        return socket->get_direct_mem_ptr(trans, dmi);
    }
    unsigned debug_read(std::uint64_t address, void* data, unsigned length) {
        prepare(trans, tlm::TLM_READ_COMMAND, address, data, length);
        return socket->transport_dbg(trans);
    }

private:
    void invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
        invalidated.emplace_back(first, last);
    }
};

}  // namespace platform
