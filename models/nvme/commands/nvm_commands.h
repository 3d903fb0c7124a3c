// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/media/media_timing.h"
#include "models/nvme/commands/io_command.h"
#include "models/nvme/spec/opcodes.h"
#include "models/nvme/state/controller_state.h"

namespace nvme {

/// What a handler of an I/O command may use.
struct NvmContext {
    ControllerState& state;
    Dma& dma;
    media::MediaTiming& timing;
    std::byte* bounce;  ///< state.max_transfer() bytes, twice (Compare needs two buffers)
};

/// Returns when the stage ends, or the error that completes the command.
using NvmStage = Result<util::TimePs> (*)(NvmContext&, IoCommand&);

/// One row a command: dispatch, and the Commands Supported and Effects log.
/// [NVM-1.0 3.2 NVM Command Set Commands]
struct NvmCommandInfo {
    spec::NvmOpcode opcode;
    std::uint32_t effects;  ///< spec::CommandEffects
    bool broadcast;         ///< NSID FFFFFFFFh is allowed
    Access access;          ///< what reservations take the command for
    NvmStage start;         ///< validates; schedules the media
    NvmStage finish;        ///< at the media's time; null: nothing is left to do
};

/// Null for an opcode that is not supported.
const NvmCommandInfo* find_nvm_command(std::uint8_t opcode);

/// Checks that hold for every I/O command, then the command's own start.
Result<util::TimePs> start_nvm_command(NvmContext& ctx, IoCommand& cmd);

}  // namespace nvme
