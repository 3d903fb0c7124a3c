// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace observe {

/// How much of a run a trace file holds.
enum class TraceDetail : std::uint8_t {
    kCommands,  ///< what happens to commands and to the controller
    kAll,       ///< the steps, data buffers and transfers of each command too
};

}  // namespace observe
