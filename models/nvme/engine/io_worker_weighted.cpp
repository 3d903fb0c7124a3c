// SPDX-License-Identifier: Apache-2.0
// How a worker takes part in the arbitration among all queues of the controller.
#include <algorithm>

#include "models/nvme/engine/io_worker.h"

namespace nvme {
using util::TimePs;

void IoWorker::set_candidates(bool able) {
    if (!shared_.arbiter.weighted()) return;
    for (const auto& sq : sqs_) {
        shared_.arbiter.set_candidate(sq->queue.id(), able && may_fetch(*sq));
        if (able) shared_.arbiter.seen(sq->queue.id(), shared_.now());
    }
}

/// Doorbells of several queues may become visible at one time, and in which order their processes
/// run then means nothing: each looks before the first of them fetches. This step of the process
/// does not fetch then; the next one does, for another process may be waiting for memory.
bool IoWorker::others_look_first() {
    if (!may_defer_) return false;
    const TimePs now = shared_.now();
    bool others = false;
    shared_.arbiter.for_each_unseen(now, [&](std::uint16_t cqid) {
        if (cqid == cq_->id()) return;
        others = true;
        shared_.wake({Process::Kind::kIo, cqid}, now);
    });
    if (!others) return false;
    deferred_at_ = now;
    shared_.wake({Process::Kind::kIo, cq_->id()}, now);
    return true;
}

TimePs IoWorker::next_turn() const {
    const bool any =
        std::any_of(sqs_.begin(), sqs_.end(), [this](const auto& sq) { return may_fetch(*sq); });
    return any && shared_.arbiter.free_at() > shared_.now() ? shared_.arbiter.free_at()
                                                            : util::kNever;
}

/// What this worker may fetch now. The turn of another one's queue is passed on.
Arbiter::Grant IoWorker::my_turn() {
    set_candidates(true);
    if (others_look_first()) return {};
    const auto grant = shared_.arbiter.next(shared_.now(), state_.features.arbitration());
    if (grant.sqid == 0 || grant.cqid == cq_->id()) return grant;
    shared_.wake({Process::Kind::kIo, grant.cqid}, shared_.now());
    return {};
}

// Each round ends with a burst fetched or with a queue stopped.
void IoWorker::fetch_weighted() {
    while (!shared_.stalled()) {
        const auto grant = my_turn();
        if (grant.sqid == 0) return;
        const auto it = std::find_if(sqs_.begin(), sqs_.end(),
                                     [&](const auto& sq) { return sq->queue.id() == grant.sqid; });
        const std::uint64_t before = fetch_count_;
        fetch_from(**it, grant.burst);
        // The cores are kept busy: while one works on the last command, the next burst is fetched.
        const auto count = static_cast<std::uint32_t>(fetch_count_ - before);
        const TimePs until =
            count == 0 ? shared_.now() : std::max(shared_.now(), shared_.cores.decode_begin());
        shared_.arbiter.used(grant, count, until);
        shared_.arbiter.for_each_candidate([&](std::uint16_t cqid) {
            shared_.wake({Process::Kind::kIo, cqid}, until);
        });
    }
}

}  // namespace nvme
