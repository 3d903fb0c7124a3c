// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_queues.h"

#include <algorithm>

#include "models/nvme/spec/registers.h"

namespace observe {

namespace {

using nvme::spec::Aqa;

std::string pair_name(std::size_t qid) {
    return qid == 0 ? std::string("admin") : "io" + std::to_string(qid);
}

}  // namespace

VcdQueues::Pair::Pair(const VcdScope& scope, std::size_t lanes)
    : sq_doorbell(scope.event("sq.doorbell")),
      sq_tail(scope.wire("sq.tail", 16)),
      sq_head(scope.wire("sq.head", 16)),
      sq_size(scope.wire("sq.size", 17)),
      in_flight(scope.wire("in_flight", 16)),
      waiting(scope.wire("waiting", 16)),
      cq_doorbell(scope.event("cq.doorbell")),
      cq_tail(scope.wire("cq.tail", 16)),
      cq_head(scope.wire("cq.head", 16)),
      cq_size(scope.wire("cq.size", 17)),
      slots(scope, lanes) {}

VcdQueues::VcdQueues(const VcdScope& scope, std::size_t io_queues, std::size_t slots)
    : VcdAlarm(scope.writer().agenda()), writer_(scope.writer()) {
    for (std::size_t qid = 0; qid <= io_queues; ++qid)
        pairs_.push_back(
            std::make_unique<Pair>(scope.inside("queues." + pair_name(qid)),
                                   qid == 0 ? std::min(slots, kMostAdminSlots) : slots));
    rejected_ = scope.event("queues.doorbell_rejected");
}

/// AQA says how large the admin queues are; they exist once CC.EN is 1. It is written as a whole
/// or with INTMC, which lies before it.
void VcdQueues::record(const RegisterWrite& e) {
    if (e.offset == nvme::spec::offset::kAqa && e.size == 4)
        aqa_ = static_cast<std::uint32_t>(e.value);
    else if (e.offset + 4 == nvme::spec::offset::kAqa && e.size == 8)
        aqa_ = static_cast<std::uint32_t>(e.value >> 32);
    else
        return;
    begin_admin();
}

void VcdQueues::begin_admin() {
    const Aqa aqa = Aqa::from(aqa_);
    begin_sq(*pairs_[0], aqa_ == 0 ? 0 : aqa.get<Aqa::Asqs>() + 1);
    begin_cq(*pairs_[0], aqa_ == 0 ? 0 : aqa.get<Aqa::Acqs>() + 1);
}

// The bits of a doorbell in the payload of an alarm.
void VcdQueues::record(const Doorbell& e) {
    if (e.ps <= writer_.now()) return write_doorbell(e);
    writer_.call_at(e.ps, *this,
                    e.value | std::uint64_t{e.qid} << 16 | std::uint64_t{e.completion} << 32 |
                        std::uint64_t{e.accepted} << 33);
}

void VcdQueues::due(std::uint64_t payload) {
    write_doorbell({writer_.now(), (payload >> 32 & 1) != 0, (payload >> 33 & 1) != 0,
                    static_cast<std::uint16_t>(payload >> 16),
                    static_cast<std::uint16_t>(payload)});
}

void VcdQueues::write_doorbell(const Doorbell& e) {
    if (!e.accepted) writer_.pulse(rejected_);
    Pair* const pair = find(e.qid);
    if (pair == nullptr) return;
    writer_.pulse(e.completion ? pair->cq_doorbell : pair->sq_doorbell);
    if (!e.accepted) return;
    if (e.completion) {
        if (pair->head.ring(e.value) != 0) consumed(e.qid);
        writer_.set(pair->cq_head, pair->head.at());
    } else {
        pair->slots.submit(pair->tail.ring(e.value));
        writer_.set(pair->sq_tail, pair->tail.at());
    }
}

/// The host has taken completions of this queue.
void VcdQueues::consumed(std::uint16_t cqid) {
    for (const auto& pair : pairs_) pair->slots.release_completed(cqid);
}

void VcdQueues::begin_sq(Pair& pair, std::uint32_t entries) {
    pair.tail.begin(entries);
    pair.slots.forget();
    for (const VcdSignal signal : {pair.sq_tail, pair.sq_head, pair.in_flight, pair.waiting})
        writer_.set(signal, 0);
    writer_.set(pair.sq_size, entries);
}

void VcdQueues::begin_cq(Pair& pair, std::uint32_t entries) {
    pair.head.begin(entries);
    for (const VcdSignal signal : {pair.cq_tail, pair.cq_head}) writer_.set(signal, 0);
    writer_.set(pair.cq_size, entries);
}

void VcdQueues::record(const QueueChange& e) {
    Pair* const pair = find(e.qid);
    if (pair == nullptr) return;
    const std::uint32_t entries = e.created ? e.size : 0;
    if (e.completion)
        begin_cq(*pair, entries);
    else
        begin_sq(*pair, entries);
}

void VcdQueues::record(const CommandFetched& e) {
    if (Pair* const pair = find(e.sqid)) pair->slots.record(e);
}

void VcdQueues::record(const CommandStepped& e) {
    if (Pair* const pair = find(e.sqid)) pair->slots.record(e);
}

void VcdQueues::record(const CommandCompleted& e) {
    if (Pair* const pair = find(e.sqid)) pair->slots.record(e);
}

void VcdQueues::record(const QueueLevels& e) {
    if (Pair* const sq = find(e.sqid)) {
        sq->slots.submit(sq->tail.see(e.sq_tail));
        writer_.set(sq->sq_tail, sq->tail.at());
        writer_.set(sq->sq_head, e.sq_head);
        writer_.set(sq->in_flight, e.in_flight);
        writer_.set(sq->waiting, e.waiting);
    }
    if (Pair* const cq = find(e.cqid)) {
        if (cq->head.see(e.cq_head) != 0) consumed(e.cqid);
        writer_.set(cq->cq_head, cq->head.at());
        writer_.set(cq->cq_tail, e.cq_tail);
    }
}

void VcdQueues::record(const DmaAccess& e) {
    if (e.kind == DmaKind::kSubmissionEntry && e.qid < pairs_.size())
        pairs_[e.qid]->slots.arrive(e.done);
}

void VcdQueues::record(const StateChange& e) {
    if (e.other_properties) aqa_ = 0;
    if (nvme::spec::Csts::from(e.csts).get<nvme::spec::Csts::Rdy>()) return;
    for (const auto& pair : pairs_) {
        begin_sq(*pair, 0);
        begin_cq(*pair, 0);
    }
    begin_admin();
}

}  // namespace observe
