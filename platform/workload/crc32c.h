// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace platform {

/// CRC-32C (Castagnoli) of a buffer. Uses the processor's instruction where there is one: checking
/// data must not take longer than simulating the command that moved it.
[[nodiscard]] std::uint32_t crc32c(const void* data, std::size_t length);

/// The same without special instructions, for every processor and for the test of the other.
[[nodiscard]] std::uint32_t crc32c_portable(const void* data, std::size_t length);

}  // namespace platform
