// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace nvme {

/// Opcode -> row + 1, built by the compiler; 0 means "not supported".
template <typename Info, std::size_t N>
constexpr std::array<std::uint8_t, 256> index_by_opcode(const Info (&table)[N]) {
    static_assert(N < 255);
    std::array<std::uint8_t, 256> index{};
    for (std::size_t i = 0; i < N; ++i)
        index[static_cast<std::uint8_t>(table[i].opcode)] = static_cast<std::uint8_t>(i + 1);
    return index;
}

template <typename Info, std::size_t N>
constexpr bool opcodes_ascend(const Info (&table)[N]) {
    for (std::size_t i = 1; i < N; ++i)
        if (table[i - 1].opcode >= table[i].opcode) return false;
    return true;
}

}  // namespace nvme
