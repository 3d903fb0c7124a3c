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
    /// The controller works as fast as this computer can, and time in which it has nothing to do
    /// follows the clock on the wall.
    kEager,
    kAsap,      ///< it runs ahead as fast as it can while anything is left to happen
    kRealtime,  ///< it follows the clock on the wall
};

}  // namespace platform
