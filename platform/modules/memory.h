// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <vector>

#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"

namespace platform {

struct MemoryParams {
    std::uint64_t size = std::uint64_t{256} << 20;  ///< bytes, not zero
    std::uint32_t read_latency_ns = 0;              ///< added to the delay of each read
    std::uint32_t write_latency_ns = 0;             ///< added to the delay of each write
    bool dmi = true;                                ///< grant direct memory access
};

/// Host RAM. Addresses on the socket are offsets from 0. Pages take no host memory until they are
/// first touched, and read as zero until then. Honours byte enables and streaming width; an access
/// that starts or ends outside answers TLM_ADDRESS_ERROR_RESPONSE and changes nothing.
class Memory : public sc_core::sc_module {
public:
    /// SC_ERROR (/nvme/config) when the size is zero or cannot be reserved.
    Memory(const sc_core::sc_module_name& name, const MemoryParams& params);

    tlm_utils::simple_target_socket<Memory> socket;

    [[nodiscard]] std::uint64_t size() const { return params_.size; }

    /// Transactions that touch [first, last] (inclusive) answer `status` from now on and move no
    /// data. While any such range exists no DMI is granted, because DMI would bypass it.
    void fail(std::uint64_t first, std::uint64_t last, tlm::tlm_response_status status);
    void clear_failures() { failures_.clear(); }

    /// Grants or refuses DMI from now on; refusing also takes back what was granted.
    void allow_dmi(bool allow);
    /// Takes back every DMI pointer that was granted. They may be asked for again.
    void invalidate_dmi();

    /// Transactions answered with an error.
    [[nodiscard]] std::uint64_t errors() const { return errors_; }

    /// The bytes [address, address + length), null when they are not all inside. Functional: takes
    /// no time and ignores fail(). Stays valid for the life of the module.
    [[nodiscard]] std::byte* data(std::uint64_t address, std::uint64_t length);

    /// Functional access for the software side of a test. Outside of the memory: /nvme/bug.
    template <typename T>
    [[nodiscard]] T peek(std::uint64_t address) {
        static_assert(std::is_trivially_copyable_v<T>);
        T value{};
        if (const std::byte* from = checked(address, sizeof(T)))
            std::memcpy(&value, from, sizeof(T));
        return value;
    }
    template <typename T>
    void poke(std::uint64_t address, const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        if (std::byte* to = checked(address, sizeof(T))) std::memcpy(to, &value, sizeof(T));
    }

private:
    struct Failure {
        std::uint64_t first, last;
        tlm::tlm_response_status status;
    };
    struct Unmap {
        std::size_t length;
        void operator()(std::byte* start) const;
    };

    void b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& trans);
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi);
    [[nodiscard]] tlm::tlm_response_status access(tlm::tlm_generic_payload& trans);
    [[nodiscard]] bool dmi_possible() const { return dmi_allowed_ && failures_.empty(); }
    [[nodiscard]] std::byte* checked(std::uint64_t address, std::uint64_t length);

    const MemoryParams params_;
    const sc_core::sc_time read_latency_;
    const sc_core::sc_time write_latency_;
    std::unique_ptr<std::byte, Unmap> bytes_;
    std::vector<Failure> failures_;
    std::uint64_t errors_ = 0;
    bool dmi_allowed_;
    bool dmi_granted_ = false;
};

}  // namespace platform
