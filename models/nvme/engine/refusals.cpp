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
        observe::CommandRefused event{
            state.now(), cmd.sqid,     cmd.cid(),    cmd.opcode(),
            error.code,  error.reason, error.detail, error.parameter.raw()};
        event.nsid = cmd.sqe.nsid;
        event.prp1 = cmd.sqe.prp1;
        event.prp2 = cmd.sqe.prp2;
        if (cmd.sqid != 0 && spec::names_blocks(cmd.opcode())) {
            event.slba = spec::slba_of(cmd.sqe);
            event.blocks = spec::blocks_of(cmd.sqe);
        }
        return event;
    });
}

}  // namespace nvme
