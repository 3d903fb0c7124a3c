// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/nvme/ports/fault_hooks.h"
#include "models/nvme/ports/result.h"
#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/subsystem/namespace.h"
#include "models/nvme/transport/host_buffer.h"

namespace nvme {

/// Of a command among those of its worker.
using CommandId = std::uint32_t;
inline constexpr CommandId kNoCommand = ~CommandId{0};

struct NvmCommandInfo;
struct SubmissionState;

/// A command that has been fetched from an I/O submission queue. It has no process: it has a next
/// step and a time for it. The slot is reused; nothing in it is allocated per command.
struct IoCommand {
    enum class Stage : std::uint8_t {
        kStart,   ///< fetched; nothing has been looked at yet
        kSteps,   ///< `step` is next
        kPost,    ///< the completion is on its way
        kParked,  ///< waits for room in the completion queue
    };

    spec::SubmissionEntry sqe{};
    const NvmCommandInfo* info = nullptr;
    SubmissionState* owner = nullptr;
    std::shared_ptr<Namespace> ns;  ///< keeps a removed namespace until the command has ended
    ExtentList extents;             ///< host memory of the data
    std::uint64_t offset = 0;       ///< first byte in the namespace
    std::uint64_t bytes = 0;
    // Of a command that works in parts: the part that is next, bytes that are done, and what the
    // steps keep from one to the next. The slot keeps its memory.
    std::uint32_t part = 0;
    std::uint64_t progress = 0;
    std::vector<std::byte> work;

    CommandId id = kNoCommand;
    /// Of a fused operation: the second command, which ends with this one, the first.
    CommandId second = kNoCommand;
    std::optional<CommandError> refusal;  ///< of a second command: how it ends

    Stage stage = Stage::kStart;
    std::uint8_t step = 0;
    bool preempted = false;  ///< ends when its step does: its host lost the namespace
    util::TimePs fetched = 0;
    util::TimePs busy_until = 0;  ///< kPost: when the device has done all that was to be done
    std::uint64_t order = 0;      ///< among equal times, the earlier fetched goes first

    spec::StatusCode status = spec::StatusCode::kSuccess;
    std::uint16_t status_field = 0;
    std::uint32_t dw0 = 0;
    CommandFaults faults;  ///< of the fault plan, if there is one
    /// Identifier of the Abort command that ended it, and waits for its completion.
    std::optional<std::uint16_t> abort_cid;

    [[nodiscard]] spec::Cdw0 cdw0() const { return spec::Cdw0::from(sqe.cdw0); }
    [[nodiscard]] std::uint16_t cid() const { return cdw0().get<spec::Cdw0::Cid>(); }
    [[nodiscard]] std::uint8_t opcode() const { return cdw0().get<spec::Cdw0::Opcode>(); }
    [[nodiscard]] std::uint64_t slba() const { return spec::slba_of(sqe); }
    /// Nothing can take it out of execution any more: it is over, or how it ends is decided.
    [[nodiscard]] bool ended(util::TimePs now) const {
        const bool decided = busy_until <= now || status != spec::StatusCode::kSuccess;
        return stage == Stage::kParked || (stage == Stage::kPost && decided);
    }
};

}  // namespace nvme
