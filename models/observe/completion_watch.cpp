// SPDX-License-Identifier: Apache-2.0
#include "models/observe/completion_watch.h"

#include <algorithm>

namespace observe {
using util::kNever;
using util::TimePs;

namespace {

constexpr TimePs kTooLong = 100'000 * util::kPsPerUs;

bool lasts(TimePs now, TimePs since) {
    return since != kNever && now >= since && now - since >= kTooLong;
}

}  // namespace

std::vector<CompletionWatch::Problem> CompletionWatch::look(TimePs now) {
    std::vector<Problem> found;
    due_ = kNever;
    for (std::size_t cqid = 0; cqid < queues_.size(); ++cqid)
        look_at(queues_[cqid], static_cast<std::uint16_t>(cqid), now, found);
    return found;
}

void CompletionWatch::look_at(Queue& queue, std::uint16_t cqid, TimePs now,
                              std::vector<Problem>& found) {
    // The time counts from when a completion waits, and not from when the queue looks full: a head
    // in shadow memory is only read when there is need for room.
    if (lasts(now, queue.waits_since)) {
        found.push_back({LintRule::kCompletionQueueFull, queue.size, cqid});
        queue.waits_since = now;
    }
    if (lasts(now, queue.held_since)) {
        found.push_back(
            {LintRule::kInterruptHeld, queue.vector, cqid, word_of(*vectors_[queue.vector])});
        queue.held_since = kNever;
    }
    if (queue.head_missed) {
        found.push_back({LintRule::kHeadNeverWritten, queue.unseen, cqid});
        queue.head_missed = false;
    }
    await(queue.waits_since);
    await(queue.held_since);
}

void CompletionWatch::await(TimePs since) {
    if (since != kNever) due_ = std::min(due_, since + kTooLong);
}

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

void CompletionWatch::forget_queues() {
    queues_.clear();
    heads_missing_ = 0;
    due_ = kNever;
}

void CompletionWatch::reset() {
    forget_queues();
    shadowed_ = false;
}

void CompletionWatch::head_is_known(Queue& queue) {
    if (queue.unseen_since != kNever) --heads_missing_;
    queue.unseen_since = kNever;
}

void CompletionWatch::begin_hold(Queue& queue, TimePs ps) {
    if (shadowed_ || queue.polled || queue.held_since != kNever) return;
    queue.held_since = ps;
    await(ps);
}

void CompletionWatch::posted(TimePs ps, std::uint16_t cqid, bool awaited) {
    if (!exists(cqid)) return;
    Queue& queue = queues_[cqid];
    ++queue.unseen;
    if (!queue.head_written && !shadowed_ && queue.unseen_since == kNever) {
        queue.unseen_since = ps;
        ++heads_missing_;
    }
    if (awaited && is_held(queue.vector)) begin_hold(queue, ps);
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
    queue.polled = queue.polled || queue.held_since != kNever;
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
    for (Queue& queue : queues_) {
        if (!lasts(ps, queue.unseen_since) || 2 * queue.unseen < queue.size) continue;
        queue.head_missed = queue.head_written = true;  // told once
        head_is_known(queue);
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

// The entries for which the interrupt was due may have been posted before or after.
void CompletionWatch::held(const InterruptHeld& e) {
    if (e.vector >= vectors_.size()) vectors_.resize(e.vector + 1u);
    vectors_[e.vector] = e.why;
    for (Queue& queue : queues_)
        if (queue.exists && queue.vector == e.vector && queue.unseen != 0) begin_hold(queue, e.ps);
}

void CompletionWatch::sent(std::uint16_t vector) {
    if (!is_held(vector)) return;
    vectors_[vector].reset();
    for (Queue& queue : queues_) {
        if (queue.vector != vector) continue;
        queue.held_since = kNever;
        queue.polled = false;
    }
}

void CompletionWatch::heads_are_shadowed() {
    shadowed_ = true;
    for (Queue& queue : queues_) {
        head_is_known(queue);
        queue.held_since = kNever;
    }
}

}  // namespace observe
