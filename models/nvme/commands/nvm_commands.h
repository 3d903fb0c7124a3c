// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/media/volume.h"
#include "models/nvme/commands/io_command.h"
#include "models/nvme/commands/next.h"
#include "models/nvme/spec/opcodes.h"
#include "models/nvme/state/controller_state.h"
#include "models/nvme/transport/bounce_buffer.h"
#include "models/nvme/transport/command_dma.h"

namespace nvme {

class Extensions;

/// What a step of an I/O command may use.
struct NvmContext {
    ControllerState& state;
    CommandDma dma;
    const Extensions& extensions;
    BounceBuffer& bounce;
    std::vector<media::Piece>& pieces;  ///< room for the extents of one command

    IoCommand* second = nullptr;  ///< of a fused operation, else null

    [[nodiscard]] util::TimePs now() const { return state.now(); }
};

/// One row a command: dispatch, and the Commands Supported and Effects log.
/// [NVM-1.0 3.2 NVM Command Set Commands]
struct NvmCommandInfo {
    std::uint32_t effects;  ///< spec::CommandEffects
    bool broadcast;         ///< NSID FFFFFFFFh is allowed
    Access access;          ///< what reservations take the command for
    std::uint16_t oncs;  ///< Identify Controller says by these bits (spec::Oncs) that it is there
    CommandSteps steps;
};

/// Null for an opcode that is not supported.
const NvmCommandInfo* find_nvm_command(std::uint8_t opcode);

/// Optional NVM Command Support: what the rows say together.
[[nodiscard]] std::uint16_t optional_nvm_commands();

/// Checks that hold for every I/O command, then the command's first step.
Result<Next> start_nvm_command(NvmContext& ctx, IoCommand& cmd);

}  // namespace nvme
