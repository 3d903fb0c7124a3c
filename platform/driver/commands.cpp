// SPDX-License-Identifier: Apache-2.0
// The way of a command: submission, doorbells, reaping, waiting.
#include <algorithm>
#include <utility>

#include "platform/driver/host_driver.h"
#include "platform/driver/prp_builder.h"

namespace platform {

namespace {

sc_core::sc_time deadline_after(const sc_core::sc_time& timeout) {
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    return timeout > sc_core::sc_max_time() - now ? sc_core::sc_max_time() : now + timeout;
}

}  // namespace

/// Keeps a completion queue alive while a process that may give up control is inside.
class HostDriver::Use {
public:
    explicit Use(CompletionQueue& queue) : queue_(queue) { ++queue_.users; }
    ~Use() { --queue_.users; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

private:
    CompletionQueue& queue_;
};

Ticket HostDriver::submit(std::uint16_t qid, const spec::SubmissionEntry& entry,
                          const Transfer& data, const OnCompletion& on_completion,
                          Doorbell doorbell) {
    spend(submit_cost_);
    SubmissionQueue* queue = sq(qid);
    if (queue == nullptr) return {DriverError::kNoSuchQueue};
    if (data.gpa % 4 != 0) return {DriverError::kBadArgument};
    if (queue->full() || !queue->has_cid()) return {DriverError::kQueueFull};

    const std::uint16_t cid = queue->take_cid();
    spec::SubmissionEntry command = entry;
    if (data.bytes != 0 && !attach_data(*queue, cid, data, command)) {
        queue->return_cid(cid);
        return {DriverError::kNoResources};
    }
    command.cdw0 = spec::Cdw0::from(entry.cdw0).with<spec::Cdw0::Cid>(cid).raw;

    SubmissionQueue::Slot& slot = queue->slots[cid];
    slot.state = SubmissionQueue::State::kInFlight;
    slot.serial = next_serial_++;
    slot.on_completion = on_completion;
    const Ticket ticket{DriverError::kNone, qid, cid, slot.serial};
    ++queue->in_flight;
    queue->push(command);
    if (doorbell == Doorbell::kNow) ring(qid);
    return ticket;
}

bool HostDriver::attach_data(SubmissionQueue& queue, std::uint16_t cid, const Transfer& data,
                             spec::SubmissionEntry& entry) {
    DmaBuffer& list = queue.slots[cid].prp_list;
    const std::uint64_t needed = prp_list_pages(data.gpa, data.bytes, page_bytes_) * page_bytes_;
    if (needed > list.size) {
        if (list) allocator_.release(list);
        list = allocator_.allocate(needed, page_bytes_);
        if (!list) return false;
    }
    const PrpPair prps = build_prps(data, list, page_bytes_);
    entry.prp1 = prps.prp1;
    entry.prp2 = prps.prp2;
    return true;
}

/// What the host's processor does takes time in which others run: it comes before a queue is looked
/// at, or a doorbell could go back.
void HostDriver::spend(const sc_core::sc_time& cost) {
    if (cost != sc_core::SC_ZERO_TIME) sc_core::wait(cost);
}

void HostDriver::ring(std::uint16_t qid) {
    spend(register_cost_);
    SubmissionQueue* queue = sq(qid);
    if (queue == nullptr || queue->tail == queue->tail_rung) return;
    queue->tail_rung = queue->tail;
    write_doorbell(qid, false, queue->doorbell, queue->tail, queue->depth);
}

void HostDriver::ring_head(CompletionQueue& queue) {
    spend(register_cost_);
    if (!queue.alive || queue.head == queue.head_rung) return;
    queue.head_rung = queue.head;
    write_doorbell(queue.qid, true, queue.doorbell, queue.head, queue.depth);
}

void HostDriver::write_doorbell(std::uint16_t qid, bool completion, std::uint64_t address,
                                std::uint32_t value, std::uint32_t depth) {
    const bool shadowed =
        shadowed_ == ShadowedQueues::kAll || (shadowed_ == ShadowedQueues::kIo && qid != 0);
    if (shadowed && !shadows_.update(2u * qid + (completion ? 1u : 0u), value, depth)) return;
    ++doorbells_rung_;
    platform_.cpu.write32(address, value);
}

unsigned HostDriver::poll(std::uint16_t qid) {
    SubmissionQueue* queue = sq(qid);
    return queue == nullptr ? 0 : reap(queue->cq);
}

unsigned HostDriver::reap(CompletionQueue& queue) {
    const Use use(queue);
    unsigned count = 0;
    for (spec::CompletionEntry entry; queue.take(entry); ++count) dispatch(queue, entry);
    if (count == 0) return 0;
    if (queue.waiters != 0) queue.progress.notify(sc_core::SC_ZERO_TIME);
    ring_head(queue);
    return count;
}

void HostDriver::dispatch(const CompletionQueue& queue, const spec::CompletionEntry& entry) {
    SubmissionQueue* from = sq(entry.sqid);
    const bool expected = from != nullptr && &from->cq == &queue && entry.sqhd < from->depth &&
                          entry.cid < from->slots.size() &&
                          from->slots[entry.cid].state == SubmissionQueue::State::kInFlight;
    if (!expected) {
        ++protocol_errors_;
        return;
    }
    from->head = entry.sqhd;
    finish(*from, entry.cid, Completion::from(entry));
}

void HostDriver::finish(SubmissionQueue& queue, std::uint16_t cid, const Completion& completion) {
    SubmissionQueue::Slot& slot = queue.slots[cid];
    --queue.in_flight;
    if (slot.on_completion.function == nullptr) {
        slot.completion = completion;
        slot.state = SubmissionQueue::State::kDone;
        return;
    }
    const OnCompletion call = slot.on_completion;
    queue.return_cid(cid);  // first, so that the callee can submit the next command
    call.function(call.context, completion);
}

SubmissionQueue::Slot* HostDriver::slot_of(const Ticket& ticket) const {
    SubmissionQueue* queue = sq(ticket.qid);
    if (ticket.error != DriverError::kNone || queue == nullptr || ticket.cid >= queue->slots.size())
        return nullptr;
    SubmissionQueue::Slot& slot = queue->slots[ticket.cid];
    const bool same = slot.serial == ticket.serial && slot.state != SubmissionQueue::State::kFree;
    return same ? &slot : nullptr;
}

void HostDriver::abandon(const Ticket& ticket) {
    SubmissionQueue::Slot* slot = slot_of(ticket);
    if (slot == nullptr) return;
    if (slot->state == SubmissionQueue::State::kDone)
        sq(ticket.qid)->return_cid(ticket.cid);
    else
        slot->on_completion = {[](void*, const Completion&) {}, nullptr};
}

bool HostDriver::done(const Ticket& ticket) const {
    const SubmissionQueue::Slot* slot = slot_of(ticket);
    return slot == nullptr || slot->state == SubmissionQueue::State::kDone;
}

Completion HostDriver::wait(const Ticket& ticket, const sc_core::sc_time& timeout) {
    if (ticket.error != DriverError::kNone) return Completion::failed(ticket.error);
    const sc_core::sc_time deadline = deadline_after(timeout);
    for (;;) {
        // Looked up again each time: while this process waits, the queue may be deleted.
        SubmissionQueue::Slot* slot = slot_of(ticket);
        if (slot == nullptr) return Completion::failed(DriverError::kAborted);
        SubmissionQueue& queue = *sq(ticket.qid);
        if (slot->state == SubmissionQueue::State::kDone) {
            const Completion completion = slot->completion;
            queue.return_cid(ticket.cid);
            return completion;
        }
        if (reap(queue.cq) != 0) continue;
        if (sc_core::sc_time_stamp() >= deadline) return Completion::failed(DriverError::kTimedOut);
        block(queue.cq, deadline);
    }
}

unsigned HostDriver::wait_any(std::uint16_t qid, const sc_core::sc_time& timeout) {
    const SubmissionQueue* first = sq(qid);
    if (first == nullptr) return 0;
    CompletionQueue& queue = first->cq;
    const Use use(queue);
    const std::uint64_t before = queue.reaped;
    const sc_core::sc_time deadline = deadline_after(timeout);
    for (;;) {
        reap(queue);
        if (queue.reaped != before) return static_cast<unsigned>(queue.reaped - before);
        if (!queue.alive || sc_core::sc_time_stamp() >= deadline) return 0;
        block(queue, deadline);
    }
}

/// Gives up control until there is a reason to look again. The caller has just looked at the queue,
/// without giving up control since: nothing that is signalled from now on can be lost.
void HostDriver::block(CompletionQueue& queue, const sc_core::sc_time& deadline) {
    const Use use(queue);
    if (!queue.interrupts) {
        sc_core::wait(std::min(poll_interval_, deadline - sc_core::sc_time_stamp()));
        return;
    }
    if (options_.interrupts == InterruptMode::kIntx) return block_on_wire(queue, deadline);

    platform_.interrupts.acknowledge(queue.host_vector);
    deadline_.notify(deadline - sc_core::sc_time_stamp());
    ++queue.waiters;
    sc_core::wait(queue.wake);
    --queue.waiters;
    if (sc_core::sc_time_stamp() >= deadline && queue.has_new() &&
        !platform_.interrupts.pending(queue.host_vector))
        ++missed_interrupts_;
    if (queue.has_new()) spend(interrupt_cost_);
}

void HostDriver::block_on_wire(CompletionQueue& queue, const sc_core::sc_time& deadline) {
    if (platform_.interrupts.wire(endpoint_)) {
        if (!wire_in_service_ && serve_wire() != 0) return;
        // The wire needs time to fall, or another process serves it.
        const sc_core::sc_time now = sc_core::sc_time_stamp();
        if (now < deadline) sc_core::wait(std::min(poll_interval_, deadline - now));
        return;
    }
    deadline_.notify(deadline - sc_core::sc_time_stamp());
    ++queue.waiters;
    sc_core::wait(queue.wake);
    --queue.waiters;
    if (sc_core::sc_time_stamp() >= deadline && queue.has_new() &&
        !platform_.interrupts.wire(endpoint_))
        ++missed_interrupts_;
    if (queue.has_new()) spend(interrupt_cost_);
}

/// The interrupt handler of a level-triggered wire: mask, look at every queue, unmask.
unsigned HostDriver::serve_wire() {
    constexpr std::uint32_t kVector0 = 1;
    wire_in_service_ = true;
    write32(spec::offset::kIntms, kVector0);
    unsigned count = 0;
    for (std::size_t qid = 0; qid < cqs_.size(); ++qid) {
        if (CompletionQueue* queue = cq(static_cast<std::uint16_t>(qid))) count += reap(*queue);
    }
    write32(spec::offset::kIntmc, kVector0);
    wire_in_service_ = false;
    return count;
}

Completion HostDriver::execute(std::uint16_t qid, const spec::SubmissionEntry& entry,
                               const Transfer& data) {
    const sc_core::sc_time deadline = deadline_after(default_timeout_);
    for (;;) {
        const Ticket ticket = submit(qid, entry, data);
        if (ticket.error != DriverError::kQueueFull) return wait(ticket);
        const sc_core::sc_time now = sc_core::sc_time_stamp();
        if (now >= deadline) return Completion::failed(DriverError::kTimedOut);
        wait_any(qid, deadline - now);
    }
}

}  // namespace platform
