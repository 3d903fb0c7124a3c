// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "traces/analysis/analysis.h"

namespace analysis {

/// A completed Read or Write, as tools for block devices see it.
struct BlockCommand {
    bool write;
    std::uint64_t offset, bytes;  ///< in the namespace
};

/// Nothing for other commands, and for ones that have not completed. `block_bytes`: of a logical
/// block, for a command whose trace does not hold its buffers.
[[nodiscard]] std::optional<BlockCommand> block_command(const Command& command,
                                                        std::uint32_t block_bytes);

}  // namespace analysis
