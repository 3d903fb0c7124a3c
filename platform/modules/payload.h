// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include <tlm>

namespace platform {

/// Sets every attribute of a payload for a new transaction. Interconnects may change the address
/// and targets the rest, so a reused payload needs this before each use.
void prepare(tlm::tlm_generic_payload& trans, tlm::tlm_command command, std::uint64_t address,
             void* data, unsigned length);

/// True when [address, address + length) lies inside [0, size), without overflow for any values.
constexpr bool fits(std::uint64_t address, std::uint64_t length, std::uint64_t size) {
    return address <= size && length <= size - address;
}

/// How many consecutive addresses a transaction touches: the streaming width where that is shorter
/// than the data.
unsigned footprint(const tlm::tlm_generic_payload& trans);

/// Moves data between the payload and `target`, which stands for the payload's address and has
/// footprint(trans) bytes; honours byte enables and streaming width. Returns the response.
tlm::tlm_response_status transfer(tlm::tlm_generic_payload& trans, unsigned char* target);

/// The largest naturally aligned access at `address` that is not longer than `count`, nor than
/// `widest`, a power of two.
[[nodiscard]] constexpr std::uint32_t aligned_piece(std::uint64_t address, std::uint32_t count,
                                                    std::uint32_t widest) {
    std::uint32_t size = widest;
    while (size > count || address % size != 0) size /= 2;
    return size;
}

/// Fills the data of a read with `value` where byte enables allow it.
void fill(tlm::tlm_generic_payload& trans, unsigned char value);

}  // namespace platform
