// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"

namespace platform {

/// Address decoder between any number of initiators and targets. Adds no time. A transaction
/// outside of every region, or across the end of one, answers TLM_ADDRESS_ERROR_RESPONSE. All
/// sockets are optional, except that each output with a region must be bound.
class Interconnect : public sc_core::sc_module {
public:
    using Input = tlm_utils::simple_target_socket_tagged_optional<Interconnect>;
    using Output = tlm_utils::simple_initiator_socket_tagged_optional<Interconnect>;

    Interconnect(const sc_core::sc_module_name& name, unsigned inputs, unsigned outputs);

    sc_core::sc_vector<Input> in;
    sc_core::sc_vector<Output> out;

    /// Sends [base, base + size) to out[output], where it begins at address `offset`. SC_ERROR
    /// (/nvme/config) when the region is empty, wraps, overlaps another or names no output.
    void map(std::uint64_t base, std::uint64_t size, unsigned output, std::uint64_t offset = 0);

private:
    struct Region {
        std::uint64_t first, last;  // inclusive, so that a region may end at 2^64 - 1
        unsigned output;
        std::uint64_t offset;
    };

    void end_of_elaboration() override;
    void b_transport(int input, tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    unsigned transport_dbg(int input, tlm::tlm_generic_payload& trans);
    bool get_direct_mem_ptr(int input, tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi);
    void invalidate(int output, sc_dt::uint64 first, sc_dt::uint64 last);
    [[nodiscard]] const Region* find(std::uint64_t address) const;
    void deny_gap(std::uint64_t address, tlm::tlm_dmi& dmi) const;

    std::vector<Region> regions_;  // ascending, disjoint
};

}  // namespace platform
