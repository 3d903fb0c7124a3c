// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/ports/fault_hooks.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/status.h"
#include "models/util/time.h"

namespace nvme {

/// Of a command among those of its queue's process.
using CommandId = std::uint32_t;
inline constexpr CommandId kNoCommand = ~CommandId{0};

/// A command that has been fetched: what admin and I/O commands have in common. It has no process:
/// it has a next step and a time for it.
struct Command {
    enum class Stage : std::uint8_t {
        kStart,   ///< fetched; nothing has been looked at yet
        kSteps,   ///< `step` is next
        kEnding,  ///< all is done but the firmware's work on the completion
        kPost,    ///< the completion is on its way
        kParked,  ///< waits for room in the completion queue
    };

    spec::SubmissionEntry sqe{};
    CommandId id = kNoCommand;
    std::uint16_t sqid = 0;
    Stage stage = Stage::kStart;
    std::uint8_t step = 0;
    util::TimePs fetched = 0;

    spec::StatusCode status = spec::StatusCode::kSuccess;
    std::uint16_t status_field = 0;
    std::uint32_t dw0 = 0;
    CommandFaults faults;  ///< of the fault plan, if there is one

    [[nodiscard]] spec::Cdw0 cdw0() const { return spec::Cdw0::from(sqe.cdw0); }
    [[nodiscard]] std::uint16_t cid() const { return cdw0().get<spec::Cdw0::Cid>(); }
    [[nodiscard]] std::uint8_t opcode() const { return cdw0().get<spec::Cdw0::Opcode>(); }
};

}  // namespace nvme
