// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "models/nvme/commands/queue_control.h"
#include "models/nvme/ports/fault_hooks.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/opcodes.h"
#include "models/nvme/state/controller_state.h"
#include "models/nvme/transport/dma.h"
#include "models/nvme/transport/shadow_doorbells.h"

namespace nvme {

/// An admin command while it is executed.
struct AdminCommand {
    spec::SubmissionEntry sqe{};
    std::uint32_t dw0 = 0;  ///< of the completion
    CommandFaults faults;   ///< of the fault plan, if there is one

    [[nodiscard]] spec::Cdw0 cdw0() const { return spec::Cdw0::from(sqe.cdw0); }
    [[nodiscard]] std::uint16_t cid() const { return cdw0().get<spec::Cdw0::Cid>(); }
    [[nodiscard]] std::uint8_t opcode() const { return cdw0().get<spec::Cdw0::Opcode>(); }
};

/// How an admin command goes on: it completes at a time, or stays outstanding until an event.
struct AdminStep {
    static AdminStep complete(util::TimePs at) { return {at}; }
    static AdminStep outstanding() { return {std::nullopt}; }
    std::optional<util::TimePs> at;
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

class Extensions;

/// What a handler of an admin command may use.
struct AdminContext {
    ControllerState& state;
    Dma& dma;
    ShadowDoorbells& shadow;
    QueueControl& queues;
    const Extensions& extensions;
    AdminCompleter& completer;
    unsigned& aborts_running;

    /// Moves `len` bytes between the command's data buffer and `data`, bounded by MDTS. The part of
    /// the buffer from `len` to `total` is filled with zeros (to the host) or ignored (from it).
    Result<util::TimePs> send(const AdminCommand& cmd, const void* data, std::size_t len,
                              std::size_t total) const;
    Result<util::TimePs> send(const AdminCommand& cmd, const void* data, std::size_t len) const {
        return send(cmd, data, len, len);
    }
    Result<util::TimePs> receive(const AdminCommand& cmd, void* data, std::size_t len) const;
};

/// One row a command: dispatch, and the Commands Supported and Effects log.
/// [NVMe-Base-2.0 5 Admin Command Set]
struct AdminCommandInfo {
    spec::AdminOpcode opcode;
    std::uint32_t effects;  ///< spec::CommandEffects
    Result<AdminStep> (*execute)(AdminContext&, AdminCommand&);
    /// Null: every controller has it.
    bool (*offered)(const ControllerParams&) = nullptr;
};

/// Null for an opcode that no controller supports.
const AdminCommandInfo* find_admin_command(std::uint8_t opcode);
/// Null for an opcode that a controller with these parameters does not support.
const AdminCommandInfo* find_admin_command(std::uint8_t opcode, const ControllerParams& params);
/// Checks that hold for every admin command, then the command itself.
Result<AdminStep> execute_admin_command(AdminContext& ctx, AdminCommand& cmd);

}  // namespace nvme
