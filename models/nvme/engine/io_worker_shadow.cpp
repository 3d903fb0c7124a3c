// SPDX-License-Identifier: Apache-2.0
// When a worker looks at the shadow doorbells of its queues.
#include <algorithm>

#include "models/nvme/engine/doorbells.h"
#include "models/nvme/engine/io_worker.h"

namespace nvme {
using util::TimePs;

/// Shadow doorbells: completions wait for room, or the pin for the head to move, and the host has
/// not been asked yet to ring when it moves the head.
bool IoWorker::needs_head() const {
    const bool wanted =
        (!parked_.empty() && cq_->full()) || (state_.params.intx && cq_->used() != 0);
    return wanted && cq_->newest_head() == cq_->head() &&
           !shared_.shadow.announced(ShadowDoorbells::head_of(cq_->id()), cq_->newest_head());
}

TimePs IoWorker::next_look() const {
    TimePs due = shared_.shadow.next_look(ShadowDoorbells::head_of(cq_->id()));
    for (const auto& sq : sqs_)
        if (!sq->queue.stopped())
            due = std::min(due, shared_.shadow.next_look(ShadowDoorbells::tail_of(sq->queue.id())));
    return due;
}

void IoWorker::look_at_shadows() {
    // A look may suspend the process. Queues are added meanwhile, and one that nothing completes
    // into may be deleted.
    for (std::size_t i = 0; i < sqs_.size(); ++i) {
        SubmissionQueue& sq = sqs_[i]->queue;
        if (look_at_tail(shared_, sq) != Looked::kGood) sq.stop();
    }
    if (cq_ && look_at_head(shared_, *cq_, needs_head()) != Looked::kGood) stop();
}

}  // namespace nvme
