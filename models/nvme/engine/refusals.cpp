// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/refusals.h"

#include "models/nvme/spec/command_formats.h"

namespace nvme {

void log_error(ControllerState& state, const Command& cmd, const CommandError& error) {
    ErrorLog::Context context;
    context.sqid = cmd.sqid;
    context.cid = cmd.cid();
    context.nsid = cmd.sqe.nsid;
    if (cmd.sqid != 0 && spec::names_blocks(cmd.opcode())) context.lba = spec::slba_of(cmd.sqe);
    state.errors.add(context, error);
}

void tell_refusal(ControllerState& state, const Command& cmd, const CommandError& error) {
    log_error(state, cmd, error);
    state.record([&] {
        return observe::CommandRefused{
            state.now(), cmd.sqid,     cmd.cid(),    cmd.opcode(),
            error.code,  error.reason, error.detail, error.parameter.raw()};
    });
}

}  // namespace nvme
