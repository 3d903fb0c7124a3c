// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

namespace platform {

/// SHA-256 [FIPS 180-4, 6.2]: 32 bytes. Boost, which has the other digests, has none.
void sha256(const void* data, std::size_t length, unsigned char* digest);

}  // namespace platform
