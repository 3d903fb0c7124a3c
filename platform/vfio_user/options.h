// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace platform {

/// How a client writes doorbells.
enum class Doorbells : std::uint8_t {
    kTrapped,  ///< each write is a message
    kMapped,   ///< they are memory that the client maps and the server polls
};

/// How simulated time passes while a client is served.
enum class ServePace : std::uint8_t {
    kAsap,      ///< it runs ahead as fast as it can while there is work
    kRealtime,  ///< it follows the clock on the wall
};

}  // namespace platform
