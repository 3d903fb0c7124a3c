// SPDX-License-Identifier: Apache-2.0
// How commands end: the completion entry, and the interrupt.
#include <algorithm>
#include <utility>

#include "models/nvme/engine/io_worker.h"

namespace nvme {
using spec::StatusCode;
using util::TimePs;
using Stage = IoCommand::Stage;

/// The device has done all that it has to at `at`, now or later; the entry leaves then.
void IoWorker::ready_to_post(IoCommand& cmd, TimePs at) {
    cmd.busy_until = at;
    if (state_.params.firmware_completion_ns != 0)
        end_later(cmd, at);
    else
        leave(cmd, at);
    if (cmd.second != kNoCommand) end_second(cmd);
}

/// When all is done, a core takes up the completion.
void IoWorker::end_later(IoCommand& cmd, TimePs done) {
    cmd.stage = Stage::kEnding;
    push(cmd, std::max(done, shared_.now()));
}

void IoWorker::finish(IoCommand& cmd) {
    const TimePs work = util::from_ns(state_.params.firmware_completion_ns);
    leave(cmd, shared_.cores.run(shared_.now(), work));
}

/// The entry leaves at `at`.
void IoWorker::leave(IoCommand& cmd, TimePs at) {
    cmd.stage = Stage::kPost;
    if (shared_.faults != nullptr) at = shared_.faults->on_ended(cmd.faults, at);
    push(cmd, std::max(at, shared_.dma.reserve_write(at, CompletionQueue::kLinkBytes)));
}

/// The entry travels right behind the data, which arrives at `data`.
void IoWorker::post_behind(IoCommand& cmd, TimePs data) {
    cmd.busy_until = shared_.now();
    if (state_.params.firmware_completion_ns != 0) return end_later(cmd, data);
    cmd.stage = Stage::kPost;
    const TimePs there = shared_.dma.reserve_write_behind(data, CompletionQueue::kLinkBytes);
    push(cmd, shared_.faults == nullptr ? there : shared_.faults->on_ended(cmd.faults, there));
}

void IoWorker::post_parked() {
    if (parked_.empty()) return;
    std::size_t posted = 0;
    while (posted < parked_.size() && !cq_->full()) {
        IoCommand& cmd = pool_[parked_[posted]];
        if (!post(cmd)) break;
        ++posted;
    }
    parked_.erase(parked_.begin(), parked_.begin() + static_cast<std::ptrdiff_t>(posted));
}

/// False: nothing can be posted now (the gate is closed, or Bus Master Enable is 0).
bool IoWorker::post(IoCommand& cmd) {
    SubmissionQueue& sq = sqs_[cmd.queue]->queue;
    spec::CompletionEntry cqe{};
    cqe.dw0 = cmd.dw0;
    cqe.sqhd = sq.head();
    cqe.sqid = sq.id();
    cqe.cid = cmd.cid();
    cqe.status = cmd.status_field;
    if (shared_.faults != nullptr && !shared_.faults->on_posting(cmd.faults, cqe)) {
        release(cmd, false);
        return true;
    }
    if (cq_->fresh()) report_stale(shared_, *cq_);
    if (!cq_->post(shared_.dma, cqe)) {
        if (shared_.stalled()) return false;
        // The completion is lost with the queue; the host learns it by the event and has to delete
        // the queue. The others go on.
        stop();
        state_.queue_stopped(sq.id(),
                             {StatusCode::kDataTransferError, "completion queue is unreachable",
                              cq_->config().base, false},
                             cq_->id());
        release(cmd, false);
        return true;
    }
    ++unsignalled_;
    state_.record([&] {
        return observe::CommandCompleted{shared_.now(), cmd.fetched,  sq.id(),    cq_->id(),
                                         cmd.cid(),     cmd.opcode(), cmd.status, cmd.dw0};
    });
    release(cmd, true);
    return true;
}

void IoWorker::release(IoCommand& cmd, bool posted) {
    if (cmd.abort_cid)
        answer_abort(*cmd.abort_cid, posted && cmd.status == StatusCode::kAbortRequested);
    cmd.ns.reset();
    sqs_[cmd.queue]->free.push_back(cmd.id);
    state_.health.command_ended(shared_.now());
    // Idle time begins, and the coordinator has to know when it ends.
    if (state_.power.autonomous() && state_.health.idle_since())
        shared_.wake({Process::Kind::kCoordinator}, shared_.now());
}

void IoWorker::signal() {
    if ((unsignalled_ == 0 && held_ == 0) || shared_.stalled()) return;
    const std::uint32_t posted = std::exchange(unsignalled_, 0u);
    if (!cq_->config().interrupts) return;
    const std::uint16_t vector = cq_->config().vector;
    held_ = held() + posted;
    held_round_ = shared_.coalescer.round(vector);
    if (posted != 0) shared_.coalescer.add(vector, posted, shared_.now());
    if (held_ != 0 && shared_.coalescer.due(vector, shared_.now())) signal_held();
}

std::uint32_t IoWorker::held() const {
    if (held_ == 0) return 0;
    return shared_.coalescer.round(cq_->config().vector) == held_round_ ? held_ : 0;
}

void IoWorker::signal_held() {
    if (held() == 0) return;
    held_ = 0;
    const std::uint16_t vector = cq_->config().vector;
    shared_.coalescer.signalled(vector);
    state_.environment.raise_interrupt(vector);
}

}  // namespace nvme
