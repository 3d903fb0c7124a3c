// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace media {

/// True when [offset, offset + length) lies within [0, size), without the sum that could wrap.
constexpr bool in_range(std::uint64_t size, std::uint64_t offset, std::uint64_t length) {
    return offset <= size && length <= size - offset;
}

}  // namespace media
