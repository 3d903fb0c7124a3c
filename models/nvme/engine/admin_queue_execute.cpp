// SPDX-License-Identifier: Apache-2.0
// Admin commands in execution: their steps, and how they end.
#include <algorithm>
#include <utility>

#include "models/nvme/engine/admin_queue.h"
#include "models/nvme/engine/refusals.h"

namespace nvme {
using spec::AdminOpcode;
using spec::StatusCode;
using util::kNever;
using util::TimePs;
using Stage = Command::Stage;

/// Commands that no limit of their own bounds, as event requests, deletions and Aborts have one:
/// whatever the host sends, no more than the queue has entries.
std::size_t AdminQueue::postponed() const {
    const auto counts = [this](CommandId id) {
        return pool_[id].due != kNever || pool_[id].info == nullptr;  // a vendor's
    };
    return held_.size() +
           static_cast<std::size_t>(std::count_if(waiting_.begin(), waiting_.end(), counts));
}

std::size_t AdminQueue::executing() const {
    const auto steps = [this](CommandId id) { return pool_[id].due != kNever; };
    const auto on_the_way = [this](CommandId id) { return pool_[id].due > shared_.now(); };
    return (current_ == kNoCommand ? 0u : 1u) +
           static_cast<std::size_t>(std::count_if(waiting_.begin(), waiting_.end(), steps) +
                                    std::count_if(ended_.begin(), ended_.end(), on_the_way));
}

bool AdminQueue::execute_due() {
    if (current_ != kNoCommand && pool_[current_].due <= shared_.now()) {
        AdminCommand& cmd = pool_[std::exchange(current_, kNoCommand)];
        waiting_.push_back(cmd.id);  // before it runs: a step may already end it
        run_steps(cmd);
        return true;
    }
    const auto due = std::find_if(waiting_.begin(), waiting_.end(),
                                  [this](CommandId id) { return pool_[id].due <= shared_.now(); });
    if (due == waiting_.end()) return false;
    run_steps(pool_[*due]);
    return true;
}

/// Runs the command's steps that are due, one after another.
void AdminQueue::run_steps(AdminCommand& cmd) {
    const DmaUse owner{DmaUse::Kind::kData, 0, cmd.cid(), &cmd.faults};
    AdminContext ctx{state_,  {shared_.dma, owner}, shared_.shadow,
                     queues_, shared_.extensions,   shared_.background,
                     *this,   aborts_running_};
    cmd.due = kNever;
    for (;;) {
        const Result<Next> next = run_admin_step(ctx, cmd);
        if (shared_.dma.closed()) return;  // a reset came during a DMA: close() forgets the command
        if (!next) return refuse(cmd, next.error());
        if ((*next).kind != Next::Kind::kStep) return end(cmd, StatusCode::kSuccess, 0, (*next).at);
        if (cmd.stage == Stage::kPost) return;  // what it waits for has ended already
        cmd.stage = Stage::kSteps;
        cmd.step = (*next).step;
        if ((*next).at > shared_.now()) {
            cmd.due = (*next).at;
            return record_wait(cmd);
        }
    }
}

void AdminQueue::refuse(AdminCommand& cmd, const CommandError& error) {
    tell_refusal(state_, cmd, error);
    cmd.dw0 = 0;
    end(cmd, error.code, completion_status(error.code, error.do_not_retry, true), shared_.now());
}

void AdminQueue::abort_ended(std::uint16_t abort_cid, bool aborted) {
    if (!cq_) return;  // as below
    --aborts_running_;
    complete({AdminOpcode::kAbort, abort_cid}, StatusCode::kSuccess,
             spec::AbortDw0{}.with<spec::AbortDw0::NotAborted>(!aborted).raw);
}

void AdminQueue::queue_deleted(std::uint16_t sqid, std::uint16_t cid) {
    queues_.on_deleted(sqid);
    complete({AdminOpcode::kDeleteIoSq, cid}, StatusCode::kSuccess, 0);
}

void AdminQueue::complete(AdminCommandId id, StatusCode status, std::uint32_t dw0) {
    if (!cq_) return;  // a reset has taken the queue, and with it the command
    const auto it = std::find_if(waiting_.begin(), waiting_.end(), [&](CommandId each) {
        const AdminCommand& cmd = pool_[each];
        return cmd.due == kNever && cmd.cid() == id.cid &&
               cmd.opcode() == static_cast<std::uint8_t>(id.opcode);
    });
    if (it == waiting_.end()) return;
    AdminCommand& cmd = pool_[*it];
    cmd.dw0 = dw0;
    end(cmd, status, completion_status(status, false, false), shared_.now());
    shared_.wake({Process::Kind::kAdmin}, shared_.now());
}

void AdminQueue::end(AdminCommand& cmd, StatusCode status, std::uint16_t field, TimePs at) {
    waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), cmd.id), waiting_.end());
    cmd.stage = Stage::kPost;
    cmd.status = status;
    cmd.status_field = field;
    if (shared_.faults != nullptr && postpones(cmd, at)) return;
    const TimePs due = shared_.dma.reserve_write_behind(at, CompletionQueue::kLinkBytes);
    // Posting order is queue order; a later entry never overtakes an earlier one.
    cmd.due = ended_.empty() ? due : std::max(due, pool_[ended_.back()].due);
    ended_.push_back(cmd.id);
    record_wait(cmd);
}

}  // namespace nvme
