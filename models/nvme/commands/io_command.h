// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/nvme/commands/command.h"
#include "models/nvme/ports/result.h"
#include "models/nvme/spec/command_formats.h"
#include "models/nvme/subsystem/namespace.h"
#include "models/nvme/transport/host_buffer.h"

namespace nvme {

struct NvmCommandInfo;

/// A command that has been fetched from an I/O submission queue. The slot is reused; nothing in it
/// is allocated per command.
struct IoCommand : Command {
    const NvmCommandInfo* info = nullptr;
    std::uint16_t queue = 0;        ///< place of its submission queue among the worker's
    std::shared_ptr<Namespace> ns;  ///< keeps a removed namespace until the command has ended
    ExtentList extents;             ///< host memory of the data
    std::uint64_t offset = 0;       ///< first byte in the namespace
    std::uint64_t bytes = 0;
    // Of a command that works in parts: the part that is next, bytes that are done, and what the
    // steps keep from one to the next. The slot keeps its memory.
    std::uint32_t part = 0;
    std::uint64_t progress = 0;
    std::vector<std::byte> work;

    /// Of a fused operation: the second command, which ends with this one, the first.
    CommandId second = kNoCommand;
    std::optional<CommandError> refusal;  ///< of a second command: how it ends

    bool preempted = false;  ///< ends when its step does: its host lost the namespace
    /// kEnding, kPost: when the device has done all that was to be done.
    util::TimePs busy_until = 0;
    std::uint64_t order = 0;  ///< among equal times, the earlier fetched goes first
    /// Identifier of the Abort command that ended it, and waits for its completion.
    std::optional<std::uint16_t> abort_cid;

    [[nodiscard]] std::uint64_t slba() const { return spec::slba_of(sqe); }
    /// Nothing can take it out of execution any more: it is over, or how it ends is decided.
    [[nodiscard]] bool ended(util::TimePs now) const {
        const bool decided = busy_until <= now || status != spec::StatusCode::kSuccess;
        const bool ending = stage == Stage::kEnding || stage == Stage::kPost;
        return stage == Stage::kParked || (ending && decided);
    }
};

}  // namespace nvme
