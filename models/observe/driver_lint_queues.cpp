// SPDX-License-Identifier: Apache-2.0
#include "models/observe/driver_lint.h"

namespace observe {
using nvme::spec::Csts;
using nvme::spec::Shst;
using util::TimePs;

void DriverLint::record(const Doorbell& e) {
    if (!doorbell_may_be_late_) reach(e.ps);
    doorbell_may_be_late_ = false;
    if (e.accepted) {
        // A head asks nothing of the controller.
        if (e.blocked != 0 && !e.completion)
            find(e.ps, LintRule::kBusMasterDisabled, e.value, e.qid);
        check_change(e);
        if (e.completion) {
            watch_.taken(e.qid, e.value);
        } else {
            saw_entries(e.qid);
            watch_.submitted(e.ps, e.qid);
        }
    }
    check_doorbell(e);
}

void DriverLint::check_change(const Doorbell& e) {
    if (watch_.shadowed()) return;  // a write announces, with any value
    const std::size_t place = 2 * std::size_t{e.qid} + (e.completion ? 1 : 0);
    if (place >= doorbells_.size()) doorbells_.resize(place + 1);
    if (doorbells_[place] == e.value) find(e.ps, LintRule::kDoorbellUnchanged, e.value, e.qid);
    doorbells_[place] = e.value;
}

void DriverLint::check_doorbell(const Doorbell& e) {
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
        watch_.deleted(e.qid);
        cqs_.erase(e.qid);
        return;
    }
    const std::size_t doorbell = 2 * std::size_t{e.qid} + (e.completion ? 1 : 0);
    if (doorbell < doorbells_.size()) doorbells_[doorbell] = 0;
    const std::uint64_t bytes = std::uint64_t{e.size} * (e.completion ? kCqeBytes : kSqeBytes);
    if (!memory_.add_queue(queue_key(e.qid, e.completion), e.base, bytes))
        find(e.ps, LintRule::kQueueOverlap, e.base, e.qid);
    if (!e.completion) {
        sqs_.insert(e.qid);
        commands_.set_entries(e.qid, e.size);
        return;
    }
    cqs_.insert(e.qid);
    watch_.created(e.qid, e.size, e.vector);
}

void DriverLint::record(const StaleEntries& e) {
    find(e.ps, LintRule::kQueueNotCleared, e.entries, e.cqid);
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
    reach(e.ps);
    watch_.waiting(e.ps, e.cqid, e.waiting);
}

void DriverLint::record(const InterruptHeld& e) {
    watch_.held(e);
}

void DriverLint::record(const Interrupt& e) {
    watch_.sent(e.vector);
    if (e.address != 0) return;
    if (e.vector >= vectors_told_.size()) vectors_told_.resize(e.vector + 1u);
    if (!vectors_told_[e.vector]) find(e.ps, LintRule::kVectorWithoutEntry, e.vector);
    vectors_told_[e.vector] = true;
}

}  // namespace observe
