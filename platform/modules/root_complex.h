// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sc_time_ps.h"
#include "models/util/sysc_compat.h"
#include "platform/modules/upstream_time.h"

namespace platform {

struct RootComplexParams {
    unsigned endpoints = 1;                 ///< 1 to 32: devices 0.. of bus 0, function 0
    std::uint64_t ecam_base = 0xE000'0000;  ///< 1 MiB of configuration space (bus 0)
    std::uint64_t mmio_base = 0xD000'0000;  ///< where enumeration may place BARs
    std::uint64_t mmio_size = 0x1000'0000;
    /// What all endpoints together write to host memory, and what they read from it, at most:
    /// bytes/s. 0: no limit.
    std::uint64_t bandwidth = 0;
    std::uint64_t latency_ns = 0;  ///< of each access of an endpoint to host memory
};

/// The host's side of PCI Express: configuration accesses (ECAM), memory accesses to BARs, and the
/// way of the endpoints into host memory, which may take time; what CPUs do takes none here. While
/// its bandwidth is limited, endpoints get no direct memory pointers: every byte has to pass.
///
/// BARs are decoded where enumeration put them: a configuration write to a BAR register passes to
/// the endpoint, and the register is read back into the decode table. Such a write waits for its
/// annotated delay first, because all CPUs see what it moves. Whether the endpoint claims
/// the access (Memory Space Enable, end of the BAR) is the endpoint's business.
///
/// Like a real host, a CPU read that nobody answers, or that is answered with an error, returns all
/// ones with TLM_OK_RESPONSE, and such a write is dropped. Only accesses outside of both windows
/// answer TLM_ADDRESS_ERROR_RESPONSE. Endpoints see every response of the memory side unchanged.
class RootComplex : public sc_core::sc_module {
public:
    using Downstream = tlm_utils::simple_initiator_socket_tagged_optional<RootComplex>;
    using Upstream = tlm_utils::simple_target_socket_tagged_optional<RootComplex>;
    static constexpr std::uint64_t kFunctionBytes = 4096;
    static constexpr std::uint64_t kEcamBytes = std::uint64_t{1} << 20;

    RootComplex(const sc_core::sc_module_name& name, const RootComplexParams& params);

    tlm_utils::simple_target_socket<RootComplex> cpu;  ///< absolute addresses
    sc_core::sc_vector<Downstream> config, bar0, bar4;
    sc_core::sc_vector<Upstream> upstream;
    tlm_utils::simple_initiator_socket<RootComplex> memory;

    [[nodiscard]] const RootComplexParams& params() const { return params_; }
    /// Address of a configuration register of device `device` on the cpu socket.
    [[nodiscard]] std::uint64_t config_address(unsigned device, std::uint32_t offset) const;

    [[nodiscard]] std::uint64_t failed_reads() const { return failed_reads_; }
    [[nodiscard]] std::uint64_t dropped_writes() const { return dropped_writes_; }

private:
    static constexpr unsigned kMaxEndpoints = 32;
    static constexpr unsigned kDecodedBars = 2;  // BAR 0 and BAR 4
    struct Bar {
        std::uint64_t base = 0;  // 0: not decoded
        std::uint64_t size = 0;  // 0: never probed
    };
    struct Route {
        Downstream* socket = nullptr;  // null: nobody answers
        std::uint64_t offset = 0;
        unsigned endpoint = 0;
        bool is_config = false;
        bool inside_windows = false;
    };

    void cpu_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    unsigned cpu_transport_dbg(tlm::tlm_generic_payload& trans);
    void upstream_transport(int endpoint, tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    [[nodiscard]] util::TimePs pass(const tlm::tlm_generic_payload& trans,
                                    const sc_core::sc_time& delay);
    unsigned upstream_transport_dbg(int endpoint, tlm::tlm_generic_payload& trans);
    bool upstream_dmi(int endpoint, tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi);
    void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);

    [[nodiscard]] Route route(std::uint64_t address, unsigned length);
    [[nodiscard]] Route route_config(std::uint64_t offset, unsigned length);
    [[nodiscard]] Route route_bar(std::uint64_t address);
    void answer_nobody(tlm::tlm_generic_payload& trans);
    [[nodiscard]] static bool moves_bar(const tlm::tlm_generic_payload& trans, const Route& target,
                                        unsigned index);
    void snoop(const tlm::tlm_generic_payload& trans, const Route& target);
    void refresh_bar(unsigned endpoint, unsigned index, bool sizing);
    [[nodiscard]] std::uint32_t read_config(unsigned endpoint, std::uint32_t offset);

    const RootComplexParams params_;
    const util::ScTimePs time_;
    UpstreamTime upstream_time_;
    std::array<std::array<Bar, kDecodedBars>, kMaxEndpoints> bars_{};
    std::uint64_t failed_reads_ = 0;
    std::uint64_t dropped_writes_ = 0;
};

}  // namespace platform
