// SPDX-License-Identifier: Apache-2.0
#include "models/observe/completion_watch.h"

namespace observe {
using util::kNever;
using util::TimePs;

void CompletionWatch::created(std::uint16_t cqid, std::uint32_t size, std::uint32_t vector) {
    if (cqid >= queues_.size()) queues_.resize(cqid + 1u);
    deleted(cqid);
    queues_[cqid].exists = true;
    queues_[cqid].size = size;
    queues_[cqid].vector = vector;
}

void CompletionWatch::deleted(std::uint16_t cqid) {
    if (!exists(cqid)) return;
    head_is_known(queues_[cqid]);
    queues_[cqid] = Queue{};
}

void CompletionWatch::head_is_known(Queue& queue) {
    if (queue.unseen_since != kNever) --heads_missing_;
    queue.unseen_since = kNever;
}

void CompletionWatch::forget_all() {
    *this = CompletionWatch{};
}

void CompletionWatch::posted(TimePs ps, std::uint16_t cqid) {
    if (!exists(cqid)) return;
    Queue& queue = queues_[cqid];
    ++queue.unseen;
    if (!queue.head_written && !shadowed_ && queue.unseen_since == kNever) {
        queue.unseen_since = ps;
        ++heads_missing_;
    }
    if (queue.held && queue.held_since == kNever) {
        queue.held_since = ps;
        await(ps);
    }
}

void CompletionWatch::taken(std::uint16_t cqid, std::uint32_t head) {
    if (!exists(cqid) || head >= queues_[cqid].size) return;
    Queue& queue = queues_[cqid];
    const std::uint32_t entries =
        head >= queue.head ? head - queue.head : queue.size - queue.head + head;
    queue.unseen -= std::min(queue.unseen, entries);
    queue.head = head;
    queue.head_written = true;
    head_is_known(queue);
    queue.held_since = kNever;
    if (cqid == 0) queue.waits_since = kNever;  // of the others it is known what waits
}

void CompletionWatch::submitted(TimePs ps, std::uint16_t sqid) {
    // The admin queue fetches nothing while its completion queue is full.
    if (sqid == 0 && exists(0)) {
        Queue& admin = queues_[0];
        if (admin.unseen + 1 >= admin.size && admin.waits_since == kNever) {
            admin.waits_since = ps;
            await(ps);
        }
    }
    if (heads_missing_ == 0) return;
    for (Queue& queue : queues_)
        if (queue.submitted_at == kNever && lasts(ps, queue.unseen_since)) {
            queue.submitted_at = ps;
            due_ = std::min(due_, ps);
        }
}

void CompletionWatch::waiting(TimePs ps, std::uint16_t cqid, std::uint32_t completions) {
    if (!exists(cqid)) return;
    Queue& queue = queues_[cqid];
    if (completions == 0) {
        queue.waits_since = kNever;
    } else if (queue.waits_since == kNever) {
        queue.waits_since = ps;
        await(ps);
    }
}

void CompletionWatch::held(const InterruptHeld& e) {
    for (Queue& queue : queues_) {
        if (!queue.exists || queue.vector != e.vector) continue;
        any_held_ = queue.held = true;
        queue.why = e.why;
        if (queue.unseen == 0 || queue.held_since != kNever) continue;
        queue.held_since = e.ps;
        await(e.ps);
    }
}

void CompletionWatch::sent(std::uint16_t vector) {
    if (!any_held_) return;
    any_held_ = false;
    for (Queue& queue : queues_) {
        if (queue.vector == vector) {
            queue.held = false;
            queue.held_since = kNever;
        }
        any_held_ = any_held_ || queue.held;
    }
}

}  // namespace observe
