// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "models/nvme/commands/command.h"
#include "models/nvme/commands/next.h"
#include "models/nvme/commands/queue_control.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/opcodes.h"
#include "models/nvme/state/controller_state.h"
#include "models/nvme/transport/command_dma.h"
#include "models/nvme/transport/shadow_doorbells.h"

namespace nvme {

struct AdminCommandInfo;

/// A command that has been fetched from the Admin Submission Queue.
struct AdminCommand : Command {
    const AdminCommandInfo* info = nullptr;  ///< null: a vendor's
    util::TimePs due = 0;                    ///< of its next step, or of its completion
};

/// A command that stayed outstanding. A driver may have used its identifier again, though it must
/// not; the opcode tells one from the other.
struct AdminCommandId {
    spec::AdminOpcode opcode;
    std::uint16_t cid;
};

/// Completes a command that stayed outstanding.
class AdminCompleter {
public:
    virtual ~AdminCompleter() = default;
    virtual void complete(AdminCommandId id, spec::StatusCode status, std::uint32_t dw0) = 0;
    /// Tail and head of the admin queues, as the host wrote them last.
    [[nodiscard]] virtual std::array<std::uint16_t, 2> doorbells() const = 0;
    /// True: a fault plan postponed the command, and it ends as Command Abort Requested.
    virtual bool abort_held(std::uint16_t cid) = 0;
};

class Background;
class Extensions;

/// What a handler of an admin command may use.
struct AdminContext {
    ControllerState& state;
    CommandDma dma;
    ShadowDoorbells& shadow;
    QueueControl& queues;
    const Extensions& extensions;
    Background& background;
    AdminCompleter& completer;
    unsigned& aborts_running;

    /// Moves `len` bytes from `data` to the command's data buffer, or back; bounded by MDTS.
    Result<util::TimePs> send(const AdminCommand& cmd, const void* data, std::size_t len) const;
    Result<util::TimePs> receive(const AdminCommand& cmd, void* data, std::size_t len) const;
    /// Fills `n` bytes of what is sent, from byte `at` on.
    using Source = std::function<void(std::size_t at, std::byte* to, std::size_t n)>;
    /// The same in pieces, which `source` gives one after the other.
    Result<util::TimePs> send(const AdminCommand& cmd, std::size_t total,
                              const Source& source) const;
};

/// One row a command: dispatch, and the Commands Supported and Effects log.
/// [NVMe-Base-2.0 5 Admin Command Set]
struct AdminCommandInfo {
    spec::AdminOpcode opcode;
    std::uint32_t effects;  ///< spec::CommandEffects
    AdminSteps steps;
    /// Null: every controller has it.
    bool (*offered)(const ControllerParams&) = nullptr;
};

/// Null for an opcode that no controller supports.
const AdminCommandInfo* find_admin_command(std::uint8_t opcode);
/// Null for an opcode that a controller with these parameters does not support.
const AdminCommandInfo* find_admin_command(std::uint8_t opcode, const ControllerParams& params);
/// The command's next step; before the first, checks that hold for every admin command.
Result<Next> run_admin_step(AdminContext& ctx, AdminCommand& cmd);

}  // namespace nvme
