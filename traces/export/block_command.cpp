// SPDX-License-Identifier: Apache-2.0
#include "traces/export/block_command.h"

#include "models/nvme/spec/opcodes.h"

namespace analysis {

std::optional<BlockCommand> block_command(const Command& command, std::uint32_t block_bytes) {
    using nvme::spec::NvmOpcode;
    const auto opcode = static_cast<NvmOpcode>(command.opcode);
    const bool write = opcode == NvmOpcode::kWrite;
    if (!command.is_io() || !command.completed() || command.blocks == 0) return {};
    if (!write && opcode != NvmOpcode::kRead) return {};
    const std::uint64_t told = command.bytes / command.blocks;
    const std::uint64_t block = told != 0 ? told : block_bytes;
    return BlockCommand{write, command.slba * block, command.blocks * block};
}

}  // namespace analysis
