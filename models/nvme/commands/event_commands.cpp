// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/spec/commands.h"

namespace nvme::admin {
using spec::AdminOpcode;
using spec::StatusCode;

// [NVMe-Base-2.0 5.1 Abort command]. Dword 0 bit 0 tells the truth: 0 only when the command has
// ended with Command Abort Requested, and that is posted before the completion of the Abort.
Result<Next> abort(AdminContext& ctx, AdminCommand& cmd) {
    const auto cdw10 = spec::AbortCdw10::from(cmd.sqe.cdw10);
    const auto sqid = static_cast<std::uint16_t>(cdw10.get<spec::AbortCdw10::Sqid>());
    const auto cid = static_cast<std::uint16_t>(cdw10.get<spec::AbortCdw10::Cid>());
    constexpr std::uint32_t not_aborted =
        spec::AbortDw0{}.with<spec::AbortDw0::NotAborted>(true).raw;
    if (ctx.aborts_running > ctx.state.params.abort_command_limit)
        return CommandError{StatusCode::kAbortCommandLimitExceeded, "ACL is reached",
                            ctx.aborts_running};
    if (sqid == 0) {
        // Of the admin commands, only waiting event requests are still there to be aborted, and
        // those that a fault plan holds.
        if (ctx.state.events.abort_request(cid))
            ctx.completer.complete({AdminOpcode::kAsyncEventRequest, cid},
                                   StatusCode::kAbortRequested, 0);
        else if (!ctx.completer.abort_held(cid))
            cmd.dw0 = not_aborted;
        return complete_now(ctx);
    }
    if (!ctx.queues.sq_exists(sqid) || ctx.queues.sq_being_deleted(sqid)) {
        cmd.dw0 = not_aborted;
        return complete_now(ctx);
    }
    ++ctx.aborts_running;
    ctx.queues.abort(sqid, cid, cmd.cid());
    return Next::waits();
}

Result<Next> async_event_request(AdminContext& ctx, AdminCommand& cmd) {
    if (!ctx.state.events.add_request(cmd.cid()))
        return CommandError{StatusCode::kAsyncEventRequestLimitExceeded, "AERL is reached",
                            ctx.state.params.async_event_request_limit};
    return Next::waits();
}

// [NVMe-Base-2.0 5.18 Keep Alive command]
Result<Next> keep_alive(AdminContext& ctx, AdminCommand&) {
    ctx.state.keep_alive.restart(ctx.state.now());
    return complete_now(ctx);
}

}  // namespace nvme::admin
