// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/pcie/dma_extension.h"
#include "models/util/sysc_compat.h"

namespace nvme::test {

/// One transaction as it came out of the controller.
struct DmaAccess {
    sc_core::sc_time at;     ///< when it was called
    sc_core::sc_time delay;  ///< what the controller annotated
    bool write = false;
    std::uint64_t address = 0;
    unsigned length = 0;
    bool well_formed = false;  ///< streaming width, byte enables, response as they have to be
    bool extended = false;     ///< carries a pcie::DmaExtension, copied into the next two
    std::uint16_t requester_id = 0;
    pcie::DmaExtension::Kind kind = pcie::DmaExtension::Kind::kMemory;

    [[nodiscard]] bool message() const { return kind == pcie::DmaExtension::Kind::kMessage; }
    [[nodiscard]] bool touches(std::uint64_t base, std::uint64_t bytes) const {
        return address < base + bytes && base < address + length;
    }
};

/// Sits between the controller's `dma` and the host: records every transaction, and lets a test
/// refuse it, hold it up or make it slow. Passes direct memory pointers on only when told to.
class DmaProbe : public sc_core::sc_module {
public:
    /// Runs in the controller's process before the transaction is passed on, and may wait. Any
    /// answer but TLM_OK_RESPONSE is given in place of the host's. It may add to `delay`.
    using Hook =
        std::function<tlm::tlm_response_status(const DmaAccess& access, sc_core::sc_time& delay)>;

    explicit DmaProbe(const sc_core::sc_module_name& name);

    tlm_utils::simple_target_socket<DmaProbe> in{"in"};
    tlm_utils::simple_initiator_socket<DmaProbe> out{"out"};

    bool grant_dmi = false;
    Hook hook;
    std::vector<DmaAccess> log;

    [[nodiscard]] unsigned dmi_grants() const { return dmi_grants_; }
    /// Transactions that were called later than `time`.
    [[nodiscard]] std::size_t after(const sc_core::sc_time& time) const;
    /// Transactions under way in a hook or in the host.
    [[nodiscard]] unsigned inside() const { return inside_; }

private:
    void b_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& tx, tlm::tlm_dmi& dmi);
    void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);

    unsigned dmi_grants_ = 0;
    unsigned inside_ = 0;
};

}  // namespace nvme::test
