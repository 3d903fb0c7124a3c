// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "models/media/ram_store.h"
#include "models/util/sysc_compat.h"
#include "platform/modules/host_platform.h"

namespace bench {

/// What one command costs in kernel and bus terms, as measured on the real model.
struct Load {
    double activations = 0;        ///< wake-ups of the device's processes
    double transactions = 0;       ///< b_transport calls by the device, a few bytes each
    double direct = 0;             ///< copies by direct memory pointer, a few bytes each
    double doorbells = 0;          ///< b_transport calls by the host
    double host_wakes = 0;         ///< wake-ups of the host's process
    std::uint32_t data_bytes = 0;  ///< moved in pieces of 4 KiB, on top of the above
    bool random = false;           ///< data comes from a random place, else from the next
    bool data_direct = false;      ///< by direct memory pointer

    /// Direct copies that move the data.
    [[nodiscard]] double data_pieces() const { return data_direct ? data_bytes / 4096.0 : 0; }
};

/// The speed of light: a device and a host process that do per command just as many wake-ups and
/// transfers as the real ones, and nothing else.
class Light : public sc_core::sc_module {
public:
    NVME_HAS_PROCESS(Light);
    tlm_utils::simple_initiator_socket<Light> doorbell{"doorbell"};
    tlm_utils::simple_target_socket<Light> bar0{"bar0"};
    tlm_utils::simple_initiator_socket<Light> dma{"dma"};

    /// Data comes from anywhere in `source_bytes` of the memory that a RAM namespace has: that it
    /// has to be read from the host computer's memory is part of what no model can avoid.
    Light(const sc_core::sc_module_name& name, platform::Memory& memory, std::size_t source_bytes);

    /// Runs `commands` with `depth` of them under way at a time. Called from an SC_THREAD.
    void run(const Load& load, std::uint64_t commands, unsigned depth);

private:
    void bar0_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay);
    void device();
    void serve_one();
    void transfer(std::uint64_t gpa, std::uint32_t bytes);

    platform::Memory& memory_;
    Load load_;
    media::RamStore source_;
    std::vector<unsigned char> buffer_;
    std::uint64_t random_ = 1;
    unsigned depth_ = 1;
    tlm::tlm_generic_payload tx_;
    std::uint64_t rung_ = 0, served_ = 0;
    double wakes_owed_ = 0, transactions_owed_ = 0, direct_owed_ = 0;
    sc_core::sc_event work_{"work"}, done_{"done"};
};

}  // namespace bench
