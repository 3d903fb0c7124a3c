// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

#include <tlm>

/// What targets with registers have in common: each attribute of a transaction is honoured or
/// refused with the response that IEEE 1666 names for it.
namespace util {

/// `widest` is the largest access in bytes.
[[nodiscard]] inline tlm::tlm_response_status check_access(const tlm::tlm_generic_payload& tx,
                                                           std::uint64_t space, unsigned widest) {
    const std::uint64_t length = tx.get_data_length();
    if (tx.get_address() >= space || length > space - tx.get_address())
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    if (tx.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (length == 0 || length > widest || tx.get_streaming_width() < length)
        return tlm::TLM_BURST_ERROR_RESPONSE;
    return tlm::TLM_OK_RESPONSE;
}

/// Of up to eight bytes.
[[nodiscard]] inline std::uint64_t load(const tlm::tlm_generic_payload& tx) {
    std::uint64_t value = 0;
    std::memcpy(&value, tx.get_data_ptr(), tx.get_data_length());
    return value;
}

inline void store(tlm::tlm_generic_payload& tx, std::uint64_t value) {
    std::memcpy(tx.get_data_ptr(), &value, tx.get_data_length());
}

/// Debug reads of any length and alignment, assembled from dwords, up to the end of the space.
/// Debug writes are not taken: every register here has side effects.
template <typename ReadDword>
unsigned debug_read(tlm::tlm_generic_payload& tx, std::uint64_t space, ReadDword read_dword) {
    if (!tx.is_read() || tx.get_address() >= space) return 0;
    const auto length = static_cast<unsigned>(
        std::min<std::uint64_t>(tx.get_data_length(), space - tx.get_address()));
    for (unsigned i = 0; i < length; ++i) {
        const std::uint64_t at = tx.get_address() + i;
        const std::uint32_t dword = read_dword(at & ~std::uint64_t{3});
        tx.get_data_ptr()[i] = static_cast<unsigned char>(dword >> 8 * (at & 3));
    }
    return length;
}

}  // namespace util
