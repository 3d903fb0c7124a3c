// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"

namespace platform {

/// What a CPU does to a device: uncached loads and stores, from any SC_THREAD. Each access returns
/// when it is done in simulated time, i.e. it waits for the delay that the target asks for. An
/// access that the bus refuses reads as all ones or is dropped, and is counted.
class MmioPort : public sc_core::sc_module {
public:
    /// `ecam_base`: where the configuration space of bus 0 begins.
    MmioPort(const sc_core::sc_module_name& name, std::uint64_t ecam_base);

    tlm_utils::simple_initiator_socket<MmioPort> socket;

    [[nodiscard]] std::uint8_t read8(std::uint64_t address) { return read<std::uint8_t>(address); }
    [[nodiscard]] std::uint16_t read16(std::uint64_t address) {
        return read<std::uint16_t>(address);
    }
    [[nodiscard]] std::uint32_t read32(std::uint64_t address) {
        return read<std::uint32_t>(address);
    }
    [[nodiscard]] std::uint64_t read64(std::uint64_t address) {
        return read<std::uint64_t>(address);
    }
    void write8(std::uint64_t address, std::uint8_t value) { write(address, value); }
    void write16(std::uint64_t address, std::uint16_t value) { write(address, value); }
    void write32(std::uint64_t address, std::uint32_t value) { write(address, value); }
    void write64(std::uint64_t address, std::uint64_t value) { write(address, value); }

    /// Configuration register `offset` (0 to 4095) of device `device`, function 0, on bus 0.
    template <typename T = std::uint32_t>
    [[nodiscard]] T config_read(unsigned device, std::uint32_t offset) {
        return read<T>(config_address(device, offset));
    }
    template <typename T = std::uint32_t>
    void config_write(unsigned device, std::uint32_t offset, T value) {
        write<T>(config_address(device, offset), value);
    }

    /// Any size; returns the response as it came.
    tlm::tlm_response_status access(tlm::tlm_command command, std::uint64_t address, void* data,
                                    unsigned length);

    /// Accesses answered with an error response.
    [[nodiscard]] std::uint64_t bus_errors() const { return bus_errors_; }

private:
    using Payload = std::unique_ptr<tlm::tlm_generic_payload>;

    template <typename T>
    T read(std::uint64_t address) {
        static_assert(std::is_unsigned_v<T>);
        T value = 0;
        const auto status = access(tlm::TLM_READ_COMMAND, address, &value, sizeof(T));
        return status == tlm::TLM_OK_RESPONSE ? value : static_cast<T>(~std::uint64_t{0});
    }
    template <typename T>
    void write(std::uint64_t address, T value) {
        static_assert(std::is_unsigned_v<T>);
        access(tlm::TLM_WRITE_COMMAND, address, &value, sizeof(T));
    }
    [[nodiscard]] std::uint64_t config_address(unsigned device, std::uint32_t offset) const;

    const std::uint64_t ecam_base_;
    // One payload for each thread that is inside access() at the same time.
    std::vector<Payload> idle_;
    std::uint64_t bus_errors_ = 0;
};

}  // namespace platform
