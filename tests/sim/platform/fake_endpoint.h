// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"

namespace platform {

/// The least that looks like a PCI Express function with a 64-bit BAR 0 of 64 KiB and a 32-bit BAR
/// 4 of 4 KiB: plain memory behind both, answered only while Memory Space Enable is set.
class FakeEndpoint : public sc_core::sc_module {
public:
    static constexpr std::uint32_t kBar0Bytes = 64 * 1024;
    static constexpr std::uint32_t kBar4Bytes = 4 * 1024;

    explicit FakeEndpoint(const sc_core::sc_module_name& name);

    tlm_utils::simple_target_socket<FakeEndpoint> config, bar0, bar4;
    tlm_utils::simple_initiator_socket<FakeEndpoint> dma;
    sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> perst_n;
    sc_core::sc_port<sc_core::sc_signal_inout_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND> intx;

    std::vector<unsigned char> config_bytes, bar0_bytes, bar4_bytes;
    sc_core::sc_time bar0_delay;  ///< asked of the initiator on each access to BAR 0

    tlm::tlm_response_status dma_access(tlm::tlm_command command, std::uint64_t gpa, void* data,
                                        unsigned length);

protected:
    /// Called after a write that was carried out, with the first offset it touched.
    virtual void after_config_write(std::uint64_t /*offset*/) {}
    virtual void after_bar0_write(std::uint64_t /*offset*/) {}

    [[nodiscard]] static std::uint32_t get32(const std::vector<unsigned char>& bytes,
                                             std::size_t offset);
    static void put32(std::vector<unsigned char>& bytes, std::size_t offset, std::uint32_t value);

private:
    void config_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    unsigned config_debug(tlm::tlm_generic_payload& trans);
    void bar0_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    void bar4_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    void access(tlm::tlm_generic_payload& trans, std::vector<unsigned char>& bytes);
    [[nodiscard]] bool memory_space_enabled() const { return (config_bytes[4] & 2) != 0; }
};

}  // namespace platform
