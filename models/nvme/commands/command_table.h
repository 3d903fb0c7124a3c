// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "models/nvme/ports/result.h"
#include "models/nvme/spec/entries.h"

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

/// Fused operations and SGLs are not supported, and Identify Controller (FUSES, SGLS) says so.
inline Outcome check_cdw0(spec::Cdw0 cdw0) {
    using C = spec::Cdw0;
    if (cdw0.get<C::Fuse>() != spec::kFuseNormal)
        return CommandError{spec::StatusCode::kInvalidField, "FUSE is not supported",
                            cdw0.get<C::Fuse>(), true, C::at<C::Fuse>()};
    if (cdw0.get<C::Psdt>() != spec::kPsdtPrp)
        return CommandError{spec::StatusCode::kInvalidField, "PSDT selects SGLs",
                            cdw0.get<C::Psdt>(), true, C::at<C::Psdt>()};
    return Done{};
}

}  // namespace nvme
