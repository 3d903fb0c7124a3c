// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

namespace media {

/// The units of the mapping that a request touches: [first, end).
struct RequestUnits {
    std::uint64_t first = 0, end = 0;
    std::uint64_t begin_byte = 0, end_byte = 0;  ///< of the request
    std::uint32_t unit_bytes = 0;

    /// Bytes of the request that lie in a unit.
    [[nodiscard]] std::uint64_t bytes_in(std::uint64_t unit) const {
        return std::min(end_byte, (unit + 1) * unit_bytes) -
               std::max(begin_byte, unit * unit_bytes);
    }
};

}  // namespace media
