// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace platform::vfio_user {

/// What a descriptor from a client stands for, as far as a server has to know it.
enum class DescriptorKind : std::uint8_t {
    kMemory,     ///< a file in memory or on a disk of this machine: an access does not wait
    kElsewhere,  ///< a file that somebody else provides: each access, and close(), may wait for him
    kEventfd,
    kOther,  ///< a socket, a device, nothing at all: close() may wait
};

/// Asks nothing that could wait for the client.
[[nodiscard]] DescriptorKind kind_of(int fd);

}  // namespace platform::vfio_user
