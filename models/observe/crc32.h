// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace observe {

/// The CRC-32 of Ethernet and of zlib (polynomial 04C11DB7h, reflected).
[[nodiscard]] std::uint32_t crc32(const void* bytes, std::size_t count);

}  // namespace observe
