// SPDX-License-Identifier: Apache-2.0
// How commands come from the submission queues into execution.
#include <algorithm>

#include "models/nvme/engine/io_worker.h"

namespace nvme {
using spec::StatusCode;
using util::TimePs;
using Stage = IoCommand::Stage;

bool IoWorker::may_fetch(const SubmissionState& sq) const {
    return can_fetch(sq) && !power_holds_fetch();
}

/// There is an entry, and a slot for it.
bool IoWorker::can_fetch(const SubmissionState& sq) const {
    return !stopped_ && state_.fetching && sq.queue.available() != 0 && !sq.free.empty();
}

bool IoWorker::any_can_fetch() const {
    return std::any_of(sqs_.begin(), sqs_.end(), [this](const auto& sq) { return can_fetch(*sq); });
}

// Round robin over the submission queues, a burst from each. [NVMe-Base-2.0 3.4.4.1 Round Robin
// Arbitration]
void IoWorker::fetch() {
    // Entries that were rung for before the controller entered a non-operational state.
    if (state_.power.non_operational() && any_can_fetch()) state_.power.io_arrived(shared_.now());
    if (shared_.arbiter.weighted()) return fetch_weighted();
    if (stopped_ || !state_.fetching || power_holds_fetch()) return;
    for (std::size_t n = sqs_.size(); n-- > 0 && !shared_.stalled();) {
        SubmissionState& sq = *sqs_[next_sq_];
        if (++next_sq_ == sqs_.size()) next_sq_ = 0;
        fetch_from(sq, state_.features.arbitration_burst());
    }
}

void IoWorker::fetch_from(SubmissionState& sq, std::uint32_t burst) {
    const auto room = static_cast<std::uint32_t>(sq.free.size());
    std::uint32_t left = std::min({sq.queue.available(), room, burst});
    while (left != 0) {
        std::uint32_t count = 0;
        const DmaResult r = sq.queue.fetch(shared_.dma, shared_.now(), fetched_.data(),
                                           std::min(left, kFetchBatch), count);
        if (!r) {
            if (shared_.stalled()) return;
            sq.queue.stop();
            state_.queue_stopped(sq.queue.id(),
                                 {StatusCode::kDataTransferError, "submission queue is unreachable",
                                  sq.queue.config().base, false});
            return;
        }
        // A shutdown that began while the read waited leaves the entries in the queue.
        if (!state_.fetching) return;
        if (state_.subsystem.sleeps()) state_.power_changes();
        const auto position = sq.queue.position();
        sq.queue.advance(count);
        for (std::uint32_t i = 0; i < count; ++i) accept(sq, fetched_[i], position + i, r.done);
        // Fewer than before when a bad doorbell has stopped the queue meanwhile.
        left = std::min(left - count, sq.queue.available());
        if (sq.fused_first != kNoCommand) end_lonely(sq);
        // The host may have gone on while the entries travelled.
        if (sq.queue.drained())
            shared_.shadow.look_at(ShadowDoorbells::tail_of(sq.queue.id()), r.done);
    }
}

void IoWorker::accept(SubmissionState& sq, const spec::SubmissionEntry& sqe,
                      WaitingAborts::Position position, TimePs arrived) {
    IoCommand& cmd = pool_[sq.free.back()];
    sq.free.pop_back();
    cmd.sqe = sqe;
    cmd.info = nullptr;
    cmd.extents.clear();
    cmd.stage = Stage::kStart;
    cmd.step = 0;
    cmd.part = 0;
    cmd.progress = 0;
    cmd.status = StatusCode::kSuccess;
    cmd.status_field = 0;
    cmd.dw0 = 0;
    cmd.abort_cid.reset();
    cmd.faults = {};
    cmd.second = kNoCommand;
    cmd.refusal.reset();
    cmd.busy_until = 0;
    cmd.order = ++fetch_count_;
    cmd.fetched = shared_.now();
    state_.health.command_started(shared_.now());
    state_.record([&] { return observe::CommandFetched{shared_.now(), sq.queue.id(), sqe}; });
    if (!sq.aborts.empty())
        if (const auto end = sq.aborts.fetched(position, sqe.nsid))
            return end_unfetched(cmd, *end, arrived);
    if (shared_.faults != nullptr && !meet_faults(cmd, arrived)) return;
    if (!pair(sq, cmd, arrived)) decode(cmd, arrived);
}

void IoWorker::decode(IoCommand& cmd, TimePs arrived) {
    push(cmd, shared_.cores.decode(arrived, util::from_ns(state_.params.firmware_per_command_ns)));
}

}  // namespace nvme
