// SPDX-License-Identifier: Apache-2.0
#include "models/observe/driver_lint.h"

namespace observe {
using nvme::spec::Csts;
using nvme::spec::Shst;
using util::TimePs;

namespace {

constexpr TimePs kFullTooLong = 100'000 * util::kPsPerUs;

}  // namespace

void DriverLint::record(const Doorbell& e) {
    check_event_requests(e.ps);
    if (!e.completion && e.accepted) saw_entries(e.qid);
    switch (e.why) {
        case DoorbellRefusal::kNone:
            if (!e.completion && csts_.get<Csts::Shst>() != Shst::kNormalOperation)
                find(e.ps, LintRule::kDoorbellAfterShutdown, e.value, e.qid);
            return;
        case DoorbellRefusal::kNotReady:
            return find(e.ps, LintRule::kDoorbellNotReady, e.value, e.qid);
        case DoorbellRefusal::kNoQueue:
            return find(e.ps, LintRule::kDoorbellNoQueue, e.value, e.qid);
        case DoorbellRefusal::kOutOfRange:
            return find(e.ps, LintRule::kDoorbellOutOfRange, e.value, e.qid);
        case DoorbellRefusal::kOverrun:
            return find(e.ps, LintRule::kDoorbellOverrun, e.value, e.qid);
    }
}

void DriverLint::record(const QueueChange& e) {
    if (!e.created) {
        memory_.remove_queue(queue_key(e.qid, e.completion));
        if (!e.completion) return forget_queue(e.qid);
        if (CompletionQueue* const cq = find_cq(e.qid)) {
            *cq = CompletionQueue{};
            --cq_count_;
        }
        return;
    }
    const std::uint64_t bytes = std::uint64_t{e.size} * (e.completion ? kCqeBytes : kSqeBytes);
    if (!memory_.add_queue(queue_key(e.qid, e.completion), e.base, bytes))
        find(e.ps, LintRule::kQueueOverlap, e.base, e.qid);
    if (!e.completion) {
        sqs_.insert(e.qid);
        commands_.set_entries(e.qid, e.size);
        return;
    }
    if (e.qid >= cqs_.size()) cqs_.resize(e.qid + 1u);
    if (!cqs_[e.qid].exists) ++cq_count_;
    cqs_[e.qid].exists = true;
    cqs_[e.qid].size = e.size;
}

DriverLint::CompletionQueue* DriverLint::find_cq(std::uint16_t cqid) {
    return cqid < cqs_.size() && cqs_[cqid].exists ? &cqs_[cqid] : nullptr;
}

/// What was outstanding ended with the queue, with or without a completion.
void DriverLint::forget_queue(std::uint16_t sqid) {
    sqs_.erase(sqid);
    commands_.forget(sqid, [this](CommandSlot& command) {
        memory_.remove_buffers(command.buffers);
        if (command.outstanding) --outstanding_;
    });
}

void DriverLint::saw_entries(std::uint16_t sqid) {
    if (sqid >= backlogs_.size()) backlogs_.resize(sqid + 1u);
    if (backlogs_[sqid].empty) backlogs_[sqid] = {false, ++moment_};
}

void DriverLint::record(const QueueLevels& e) {
    if (e.sqid < backlogs_.size()) backlogs_[e.sqid].empty = e.sq_head == e.sq_tail;
    CompletionQueue* const found = find_cq(e.cqid);
    if (found == nullptr) return;
    CompletionQueue& cq = *found;
    // The time counts from when a completion waits, and not from when the queue looks full: a head
    // in shadow memory is only read when there is need for room.
    if (cq.waited_since != util::kNever && e.ps - cq.waited_since >= kFullTooLong) {
        find(e.ps, LintRule::kCompletionQueueFull, cq.size, e.cqid);
        cq.waited_since = e.ps;
    }
    if (e.waiting == 0)
        cq.waited_since = util::kNever;
    else if (cq.waited_since == util::kNever)
        cq.waited_since = e.ps;
}

void DriverLint::record(const Interrupt& e) {
    if (e.address != 0) return;
    if (e.vector >= vectors_told_.size()) vectors_told_.resize(e.vector + 1u);
    if (!vectors_told_[e.vector]) find(e.ps, LintRule::kVectorWithoutEntry, e.vector);
    vectors_told_[e.vector] = true;
}

}  // namespace observe
