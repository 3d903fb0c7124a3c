// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace platform {

/// What the host's own work costs in simulated time. As it is here where a platform models its
/// processors itself.
struct HostCosts {
    std::uint64_t submit_ns = 0;     ///< to build a command and put it into a queue
    std::uint64_t register_ns = 0;   ///< until a doorbell write has left the processor
    std::uint64_t interrupt_ns = 0;  ///< from an interrupt until its handler runs
    std::uint64_t poll_ns = 1'000;   ///< between two looks at a queue that is polled; at least 1

    /// Of a server processor of some GHz and an operating system: rounded, not measured anywhere.
    [[nodiscard]] static constexpr HostCosts realistic() { return {200, 50, 2'000, 100}; }
};

}  // namespace platform
