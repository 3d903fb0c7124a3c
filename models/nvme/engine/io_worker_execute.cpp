// SPDX-License-Identifier: Apache-2.0
// Commands in execution: a list of due times, and the steps that are due.
#include <algorithm>

#include "models/nvme/commands/nvm_commands.h"
#include "models/nvme/engine/io_worker.h"
#include "models/nvme/engine/refusals.h"
#include "models/nvme/spec/command_formats.h"

namespace nvme {
using util::TimePs;
using Stage = IoCommand::Stage;

void IoWorker::push(IoCommand& cmd, TimePs due) {
    due_.push({due, cmd.order, cmd.id});
    state_.record_detail([&] {
        const CommandSteps* const steps = cmd.info == nullptr ? nullptr : &cmd.info->steps;
        return observe::CommandStepped{shared_.now(), cmd.sqid, cmd.cid(), step_name(cmd, steps),
                                       due};
    });
}

void IoWorker::advance_due() {
    while (!due_.empty() && due_.next().at <= shared_.now()) {
        advance_next();
        if (shared_.stalled()) return;
    }
}

void IoWorker::advance_next() {
    IoCommand& cmd = pool_[due_.pop().id];
    advancing_ = true;
    if (cmd.stage == Stage::kEnding) {
        finish(cmd);
    } else if (cmd.stage != Stage::kPost) {
        run_steps(cmd);
    } else if (!parked_.empty() || cq_->full() || !post(cmd)) {
        cmd.stage = Stage::kParked;  // until there is room, or Bus Master Enable is back
        if (parked_.empty()) parked_since_ = shared_.now();
        parked_.push_back(cmd.id);
    }
    advancing_ = false;
}

/// Runs the command's steps that are due, one after another.
void IoWorker::run_steps(IoCommand& cmd) {
    IoCommand* const second = cmd.second == kNoCommand ? nullptr : &pool_[cmd.second];
    const DmaUse owner{DmaUse::Kind::kData, cmd.sqid, cmd.cid(), &cmd.faults};
    NvmContext ctx{state_, {shared_.dma, owner}, shared_.extensions, bounce_, pieces_, second};
    cmd.faults.waiting = 0;
    for (;;) {
        in_step_ = cmd.id;
        const bool starting = cmd.stage == Stage::kStart;
        const Result<Next> next = starting ? start_nvm_command(ctx, cmd)
                                           : cmd.info->steps[cmd.step % kMostSteps].run(ctx, cmd);
        in_step_ = kNoCommand;
        if (cmd.preempted) return end_preempted(cmd);
        // A reset came during a DMA: close() will forget the command.
        if (shared_.dma.closed()) return;
        if (!next) return fail(cmd, next.error());
        if (starting) record_buffers(cmd);
        if ((*next).kind == Next::Kind::kDone) return ready_to_post(cmd, (*next).at);
        if ((*next).kind == Next::Kind::kSent) return post_behind(cmd, (*next).at);
        cmd.stage = Stage::kSteps;
        cmd.step = (*next).step;
        if ((*next).at > shared_.now()) return push(cmd, (*next).at);
    }
}

void IoWorker::fail(IoCommand& cmd, const CommandError& error) {
    tell_refusal(state_, cmd, error);
    cmd.status = error.code;
    cmd.status_field = completion_status(error.code, error.do_not_retry, true);
    ready_to_post(cmd, shared_.now());
}

void IoWorker::record_buffers(const IoCommand& cmd) const {
    if (state_.trace == nullptr) return;
    const bool to_host = spec::data_transfer(cmd.opcode()) == spec::DataTransfer::kControllerToHost;
    for (const Extent& e : cmd.extents) {
        if (e.discard) continue;
        state_.trace->record(
            observe::DataBuffer{shared_.now(), cmd.sqid, cmd.cid(), e.gpa, e.len, to_host});
    }
}

}  // namespace nvme
