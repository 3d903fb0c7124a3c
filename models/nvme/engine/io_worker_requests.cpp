// SPDX-License-Identifier: Apache-2.0
// What others want of a worker: that commands and queues end before their time.
#include <algorithm>
#include <iterator>
#include <utility>

#include "models/nvme/engine/doorbells.h"
#include "models/nvme/engine/io_worker.h"

namespace nvme {
using spec::StatusCode;
using util::kNever;
using Stage = IoCommand::Stage;

namespace {

/// A command that is taken out of execution: retrying it makes sense.
void end_as(IoCommand& cmd, StatusCode status) {
    cmd.status = status;
    cmd.status_field = completion_status(status, false, false);
}

}  // namespace

void IoWorker::delete_queue(std::uint16_t sqid, std::uint16_t delete_cid) {
    requests_.push_back({Request::Kind::kDelete, sqid, delete_cid});
}

void IoWorker::abort(std::uint16_t sqid, std::uint16_t cid, std::uint16_t abort_cid) {
    requests_.push_back({Request::Kind::kAbort, sqid, abort_cid, cid});
}

void IoWorker::serve_requests() {
    while (!requests_.empty() && !shared_.stalled()) {
        const Request request = std::move(requests_.front());
        requests_.erase(requests_.begin());
        if (request.kind == Request::Kind::kDelete)
            do_delete(request);
        else
            do_abort(request);
    }
}

void IoWorker::do_delete(const Request& request) {
    if (shared_.shadow.active()) {  // there may be more room than has been seen
        if (look_at_head(shared_, *cq_, true) != Looked::kGood) stop();
        cq_->update(kNever);
    }
    const auto it = std::find_if(sqs_.begin(), sqs_.end(),
                                 [&](const auto& sq) { return sq->queue.id() == request.sqid; });
    SubmissionState& sq = **it;
    std::vector<CommandId> doomed;
    const auto mine = [&](CommandId id) { return pool_[id].sqid == request.sqid; };
    std::copy_if(parked_.begin(), parked_.end(), std::back_inserter(doomed), mine);
    parked_.erase(std::remove_if(parked_.begin(), parked_.end(), mine), parked_.end());
    due_.take_out([&](CommandId id) {
        if (mine(id)) doomed.push_back(id);
        return mine(id);
    });
    for (std::size_t i = 0; i < doomed.size(); ++i)
        if (pool_[doomed[i]].second != kNoCommand)
            doomed.push_back(std::exchange(pool_[doomed[i]].second, kNoCommand));
    if (sq.fused_first != kNoCommand) doomed.push_back(sq.fused_first);
    std::sort(doomed.begin(), doomed.end(),
              [this](CommandId a, CommandId b) { return pool_[a].order < pool_[b].order; });
    for (const CommandId id : doomed) {
        IoCommand& cmd = pool_[id];
        if (!cmd.ended(shared_.now())) end_as(cmd, StatusCode::kAbortedSqDeletion);
        // Posting is optional [NVMe-Base-2.0 5.7 Delete I/O Submission Queue command]: a host that
        // deletes the queue need not drain the completion queue first.
        const bool room = parked_.empty() && !cq_->full() && !shared_.stalled();
        if (room && post(cmd)) continue;
        if (shared_.dma.closed()) return;
        release(cmd, false);
    }
    signal();
    if (shared_.dma.closed()) return;
    sq.aborts.give_up([this](std::uint16_t abort_cid) { answer_abort(abort_cid, false); });
    forget(sq);
    shared_.listener->queue_deleted(request.sqid, request.admin_cid);
}

/// Those behind it move up.
void IoWorker::forget(const SubmissionState& gone) {
    for (const CommandId id : gone.commands) pool_.remove(id);
    auto it =
        std::find_if(sqs_.begin(), sqs_.end(), [&](const auto& sq) { return sq.get() == &gone; });
    for (it = sqs_.erase(it); it != sqs_.end(); ++it)
        for (const CommandId id : (*it)->commands) --pool_[id].queue;
    next_sq_ = 0;
}

// An immediate abort: the command has no further effect, and its completion is posted before that
// of the Abort command, which therefore waits for it. [NVMe-Base-2.1 5.1.1 Abort command]
void IoWorker::do_abort(const Request& request) {
    if (abort_in_flight(request)) return;
    const auto found = abort_waiting(request);
    if (!found)
        requests_.insert(requests_.begin(),
                         request);  // nothing may be read now: again, when it may
    else if (!*found)
        answer_abort(request.admin_cid, false);
}

void IoWorker::answer_abort(std::uint16_t abort_cid, bool aborted) {
    shared_.listener->abort_ended(abort_cid, aborted);
}

/// Aborts of commands that will not be fetched any more.
void IoWorker::give_up_aborts() {
    for (const auto& sq : sqs_) {
        if (sq->aborts.empty() || (state_.fetching && !stopped_ && !sq->queue.stopped())) continue;
        sq->aborts.give_up([this](std::uint16_t abort_cid) { answer_abort(abort_cid, false); });
    }
}

bool IoWorker::abort_in_flight(const Request& request) {
    const CommandId found = due_.take_first([&](CommandId id) {
        const IoCommand& cmd = pool_[id];
        const bool waits = !cmd.ended(shared_.now()) || cmd.faults.waiting != 0;
        return cmd.sqid == request.sqid && cmd.cid() == request.cid && waits;
    });
    if (found == kNoCommand) return false;
    IoCommand& cmd = pool_[found];
    cmd.faults = {};
    cmd.abort_cid = request.admin_cid;
    end_as(cmd, StatusCode::kAbortRequested);
    ready_to_post(cmd, shared_.now());
    return true;
}

/// The command may stand in the queue still, behind more than are executed at a time: it is looked
/// for there, and will end when it is fetched. False: there is none, or it is to be aborted
/// already. Empty: the queue cannot be read at the moment.
std::optional<bool> IoWorker::abort_waiting(const Request& request) {
    const auto it = std::find_if(sqs_.begin(), sqs_.end(),
                                 [&](const auto& sq) { return sq->queue.id() == request.sqid; });
    if (it == sqs_.end() || stopped_ || !state_.fetching) return false;
    SubmissionState& sq = **it;
    for (std::uint32_t ahead = 0; ahead < sq.queue.available();) {
        std::uint32_t count = 0;
        const DmaResult r = sq.queue.read_ahead(shared_.dma, shared_.now(), ahead, fetched_.data(),
                                                kFetchBatch, count);
        if (shared_.stalled()) return std::nullopt;
        if (!r) return false;  // the next fetch tells of it
        for (std::uint32_t i = 0; i < count; ++i) {
            if (spec::Cdw0::from(fetched_[i].cdw0).get<spec::Cdw0::Cid>() != request.cid) continue;
            return sq.aborts.add(sq.queue.position() + ahead + i, request.admin_cid);
        }
        ahead += count;
    }
    return false;
}

/// It was aborted while it stood in its queue; no fault plan has a say in it.
void IoWorker::end_unfetched(IoCommand& cmd, const WaitingAborts::End& end, util::TimePs arrived) {
    cmd.abort_cid = end.abort_cid;
    end_as(cmd, end.status);
    ready_to_post(cmd, arrived);
}

void IoWorker::abort_preempted(Namespace& ns) {
    std::vector<CommandId> firsts;
    due_.change([&](DueList::Due& d) {
        IoCommand& cmd = pool_[d.id];
        if (cmd.sqe.nsid != ns.nsid() || cmd.ended(shared_.now())) return;
        if (cmd.second != kNoCommand) firsts.push_back(cmd.id);
        cmd.stage = Stage::kPost;
        cmd.busy_until = shared_.now();
        end_as(cmd, StatusCode::kAbortedPreemptAndAbort);
        d.at = shared_.dma.reserve_write(shared_.now(), CompletionQueue::kLinkBytes);
    });
    for (const CommandId first : firsts) end_second(pool_[first]);
    for (const auto& sq : sqs_) {
        const auto from = sq->queue.position();
        sq->aborts.add_preempted(from, from + sq->queue.announced(), ns.nsid());
    }
    if (in_step_ == kNoCommand) return;
    IoCommand& inside = pool_[in_step_];
    if (inside.ns.get() != &ns || inside.preempted) return;
    inside.preempted = true;
    ns.abort_begins();
}

/// The command came back from its DMA. What it has done to the media stays done.
void IoWorker::end_preempted(IoCommand& cmd) {
    cmd.preempted = false;
    cmd.ns->abort_ended();
    if (!cmd.ns->aborting())
        state_.subsystem.for_each_port([](HostPort& port) { port.on_aborts_ended(); });
    if (shared_.dma.closed()) return;
    end_as(cmd, StatusCode::kAbortedPreemptAndAbort);
    ready_to_post(cmd, shared_.now());
}

bool IoWorker::retry_waiting() {
    bool any = false;
    due_.change([&](DueList::Due& d) {
        if (d.at != kNever || pool_[d.id].faults.waiting != 0) return;  // held by a fault plan
        d.at = shared_.now();
        any = true;
    });
    return any;
}

}  // namespace nvme
