// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <functional>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm>

#include "models/nvme/module/local_clock.h"
#include "models/nvme/ports/host_memory.h"
#include "models/pcie/module/transaction_pool.h"
#include "models/util/sc_time_ps.h"

namespace nvme {

/// Host memory through a TLM initiator socket. No transaction crosses a 4 KiB boundary, as no PCI
/// Express request does. Direct memory pointers are used where the target grants them and looked up
/// anew for each access, so an invalidation takes effect at once.
///
/// Several processes may be inside an access at a time: a blocking target suspends its caller.
class TlmHostMemory final : public HostMemory {
public:
    using Port = tlm::tlm_base_initiator_socket_b<32, tlm::tlm_fw_transport_if<>,
                                                  tlm::tlm_bw_transport_if<>>;
    /// `enabled` says whether requests may be sent; asked before each.
    TlmHostMemory(Port& socket, bool use_dmi, LocalClock& clock, std::function<bool()> enabled);

    DmaResult read(const AccessTime& when, std::uint64_t gpa, void* dst, std::size_t len) override;
    DmaResult write(const AccessTime& when, std::uint64_t gpa, const void* src,
                    std::size_t len) override;
    Direct direct(std::uint64_t gpa, std::size_t len, bool for_writing) override;
    [[nodiscard]] bool reaches(std::uint64_t gpa, std::size_t len, bool for_writing) const override;
    [[nodiscard]] bool peek(std::uint64_t gpa, void* dst, std::size_t len) override;
    /// An interrupt message, never by direct memory pointer. False: refused.
    bool send_message(std::uint64_t address, std::uint32_t data);

    /// Backward path of the socket.
    void invalidate_dmi(std::uint64_t first, std::uint64_t last);
    void set_requester_id(std::uint16_t id) { requester_id_ = id; }

    /// What has gone to the host so far.
    struct Counters {
        std::uint64_t transactions = 0;  ///< calls of b_transport
        std::uint64_t direct = 0;        ///< accesses by direct memory pointer
    };
    [[nodiscard]] const Counters& counters() const { return counters_; }

private:
    struct DmiRegion {
        std::uint64_t first = 1, last = 0;  // inclusive; empty
        unsigned char* base = nullptr;
        bool readable = false, writable = false;
        util::TimePs read_latency = 0, write_latency = 0;
    };

    DmaResult access(tlm::tlm_command command, const AccessTime& when, std::uint64_t gpa,
                     unsigned char* data, std::size_t len);
    DmaResult access_page(tlm::tlm_command command, const AccessTime& when, std::uint64_t gpa,
                          unsigned char* data, std::size_t len);
    DmaResult transport(tlm::tlm_command command, const AccessTime& when, std::uint64_t gpa,
                        unsigned char* data, std::size_t len, pcie::DmaExtension::Kind kind);
    const DmiRegion* find_dmi(tlm::tlm_command command, std::uint64_t gpa, std::size_t len) const;
    void request_dmi(tlm::tlm_command command, std::uint64_t gpa);

    Port& socket_;
    const bool use_dmi_;
    const std::function<bool()> enabled_;
    LocalClock& clock_;
    const util::ScTimePs time_;
    std::uint16_t requester_id_ = 0;
    Counters counters_;
    pcie::TransactionPool transactions_;
    std::array<DmiRegion, 4> dmi_{};
    std::size_t next_dmi_ = 0;
};

}  // namespace nvme
