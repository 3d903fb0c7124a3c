// SPDX-License-Identifier: Apache-2.0
// Creating and deleting queues, and what becomes of their commands.
#include <algorithm>
#include <cstring>
#include <utility>

#include "platform/driver/host_driver.h"

namespace platform {

namespace {

constexpr std::uint32_t kMaxDepth = 65'536;

bool possible(std::uint16_t qid, std::uint32_t depth) {
    return qid != 0 && depth >= 2 && depth <= kMaxDepth;
}

template <typename Queues>
auto* find(const Queues& queues, std::uint16_t qid) {
    return qid < queues.size() ? queues[qid].get() : nullptr;
}

template <typename Queue>
Queue* place(std::vector<std::unique_ptr<Queue>>& queues, std::unique_ptr<Queue> queue) {
    if (queues.size() <= queue->qid) queues.resize(queue->qid + 1u);
    return (queues[queue->qid] = std::move(queue)).get();
}

}  // namespace

SubmissionQueue* HostDriver::sq(std::uint16_t qid) const {
    return find(sqs_, qid);
}

CompletionQueue* HostDriver::cq(std::uint16_t qid) const {
    return find(cqs_, qid);
}

const SubmissionQueue* HostDriver::find_sq(std::uint16_t qid) const {
    return sq(qid);
}

const CompletionQueue* HostDriver::find_cq(std::uint16_t qid) const {
    return cq(qid);
}

std::vector<std::uint16_t> HostDriver::io_queues() const {
    std::vector<std::uint16_t> result;
    for (std::size_t qid = 1; qid < sqs_.size(); ++qid) {
        if (sqs_[qid]) result.push_back(static_cast<std::uint16_t>(qid));
    }
    return result;
}

CompletionQueue* HostDriver::add_cq(const CqOptions& options, const DmaBuffer& memory) {
    auto queue = std::make_unique<CompletionQueue>(options.qid, options.depth, memory);
    queue->doorbell = bar0_ + cq_doorbell(options.qid);
    queue->interrupts = uses_interrupts(options);
    queue->host_vector = host_vector(options.vector);
    queue->wake |= queue->progress;
    queue->wake |= deadline_;
    if (options_.interrupts == InterruptMode::kIntx)
        queue->wake |= platform_.interrupts.wire_event(endpoint_);
    else
        queue->wake |= platform_.interrupts.event(queue->host_vector);
    return place(cqs_, std::move(queue));
}

SubmissionQueue* HostDriver::add_sq(const SqOptions& options, const DmaBuffer& memory,
                                    CompletionQueue& completion_queue) {
    auto queue =
        std::make_unique<SubmissionQueue>(options.qid, options.depth, memory, completion_queue);
    queue->doorbell = bar0_ + sq_doorbell(options.qid);
    ++completion_queue.submission_queues;
    return place(sqs_, std::move(queue));
}

bool HostDriver::uses_interrupts(const CqOptions& options) const {
    return options.interrupts && options_.interrupts != InterruptMode::kPolled;
}

Completion HostDriver::create_cq(const CqOptions& options) {
    using Cdw10 = spec::CreateQueueCdw10;
    using Cdw11 = spec::CreateIoCqCdw11;
    if (!possible(options.qid, options.depth)) return Completion::failed(DriverError::kBadArgument);
    const DmaBuffer memory =
        allocator_.allocate(options.depth * sizeof(spec::CompletionEntry), page_bytes_);
    if (!memory) return Completion::failed(DriverError::kNoResources);

    // Before the controller learns of the queue: its phase tags must be clear by then. A queue that
    // exists already is asked for all the same: the refusal is the controller's business.
    const bool known = cq(options.qid) != nullptr;
    if (!known) add_cq(options, memory);
    spec::SubmissionEntry entry = commands::make(spec::AdminOpcode::kCreateIoCq);
    entry.prp1 = memory.gpa;
    entry.cdw10 = Cdw10{}.with<Cdw10::Qid>(options.qid).with<Cdw10::Qsize>(options.depth - 1).raw;
    entry.cdw11 = Cdw11{}
                      .with<Cdw11::Pc>(true)
                      .with<Cdw11::Ien>(uses_interrupts(options))
                      .with<Cdw11::Iv>(options.vector)
                      .raw;
    const Completion completion = admin(entry);
    const bool refused = completion.error == DriverError::kNone && !completion.ok();
    if (refused && known) allocator_.release(memory);
    if (refused && !known) drop_cq(options.qid);
    return completion;
}

Completion HostDriver::create_sq(const SqOptions& options) {
    using Cdw10 = spec::CreateQueueCdw10;
    using Cdw11 = spec::CreateIoSqCdw11;
    if (!possible(options.qid, options.depth)) return Completion::failed(DriverError::kBadArgument);
    const DmaBuffer memory =
        allocator_.allocate(options.depth * sizeof(spec::SubmissionEntry), page_bytes_);
    if (!memory) return Completion::failed(DriverError::kNoResources);

    spec::SubmissionEntry entry = commands::make(spec::AdminOpcode::kCreateIoSq);
    entry.prp1 = memory.gpa;
    entry.cdw10 = Cdw10{}.with<Cdw10::Qid>(options.qid).with<Cdw10::Qsize>(options.depth - 1).raw;
    entry.cdw11 = Cdw11{}
                      .with<Cdw11::Pc>(true)
                      .with<Cdw11::Qprio>(options.priority)
                      .with<Cdw11::Cqid>(options.cqid)
                      .raw;
    const Completion completion = admin(entry);
    CompletionQueue* target = cq(options.cqid);
    if (completion.ok() && target != nullptr && sq(options.qid) == nullptr)
        add_sq(options, memory, *target);
    else if (completion.error != DriverError::kTimedOut)
        allocator_.release(memory);
    return completion;
}

Completion HostDriver::create_queue_pair(const QueuePairOptions& options) {
    const std::uint16_t cqid = options.cqid != 0 ? options.cqid : options.qid;
    const bool shared = cq(cqid) != nullptr;
    if (!shared) {
        const std::uint32_t depth = options.cq_depth != 0 ? options.cq_depth : options.depth;
        const Completion created = create_cq({cqid, depth, options.vector, options.interrupts});
        if (!created.ok()) return created;
    }
    const Completion created = create_sq({options.qid, options.depth, cqid, options.priority});
    if (!created.ok() && !shared) (void)delete_cq(cqid);
    return created;
}

DriverError HostDriver::create_io_queues(std::uint16_t count, std::uint32_t depth,
                                         bool interrupts) {
    using Cdw11 = spec::NumberOfQueuesCdw11;
    if (count == 0) return DriverError::kBadArgument;
    const std::uint32_t asked = count - 1u;
    const Completion granted =
        set_features(spec::FeatureId::kNumberOfQueues,
                     Cdw11{}.with<Cdw11::Nsqr>(asked).with<Cdw11::Ncqr>(asked).raw);
    if (granted.error != DriverError::kNone) return granted.error;
    if (!granted.ok()) return DriverError::kCommandFailed;
    const auto allocated = Cdw11::from(granted.dw0);
    const std::uint32_t pairs =
        1 + std::min({asked, allocated.get<Cdw11::Nsqr>(), allocated.get<Cdw11::Ncqr>()});
    for (std::uint32_t qid = 1; qid <= pairs; ++qid) {
        QueuePairOptions pair;
        pair.qid = static_cast<std::uint16_t>(qid);
        pair.depth = std::min(depth, cap_.get<spec::Cap::Mqes>() + 1);
        pair.vector = static_cast<std::uint16_t>(vectors_ == 0 ? 0 : qid % vectors_);
        pair.interrupts = interrupts;
        const Completion created = create_queue_pair(pair);
        if (created.ok()) continue;
        if (qid > 1) break;
        return created.error != DriverError::kNone ? created.error : DriverError::kCommandFailed;
    }
    const bool offered = spec::Oacs::from(controller_.oacs).get<spec::Oacs::DoorbellBufferConfig>();
    // A driver goes on without when the controller does not want to.
    if (offered && options_.shadowed != ShadowedQueues::kNone)
        return use_shadow_doorbells(options_.shadowed).error;
    return DriverError::kNone;
}

Completion HostDriver::use_shadow_doorbells(ShadowedQueues which) {
    const DmaBuffer shadow = allocator_.allocate(page_bytes_, page_bytes_);
    const DmaBuffer event_idx = allocator_.allocate(page_bytes_, page_bytes_);
    if (!shadow || !event_idx) {
        allocator_.release(shadow);
        allocator_.release(event_idx);
        return Completion::failed(DriverError::kNoResources);
    }
    std::memset(shadow.data, 0, shadow.size);
    std::memset(event_idx.data, 0, event_idx.size);
    spec::SubmissionEntry entry = commands::make(spec::AdminOpcode::kDoorbellBufferConfig);
    entry.prp1 = shadow.gpa;
    entry.prp2 = event_idx.gpa;
    const Completion completion = admin(entry);
    if (completion.ok()) {
        drop_shadows();
        shadows_ = ShadowBuffers(shadow, event_idx, options_.ring_rule);
        shadowed_ = which;
    } else if (completion.error != DriverError::kTimedOut) {
        allocator_.release(shadow);
        allocator_.release(event_idx);
    }
    return completion;
}

void HostDriver::drop_shadows() {
    if (!shadows_) return;
    allocator_.release(shadows_.shadow());
    allocator_.release(shadows_.event_idx());
    shadows_ = {};
    shadowed_ = ShadowedQueues::kNone;
}

Completion HostDriver::delete_sq(std::uint16_t qid) {
    spec::SubmissionEntry entry = commands::make(spec::AdminOpcode::kDeleteIoSq);
    entry.cdw10 = spec::DeleteQueueCdw10{}.with<spec::DeleteQueueCdw10::Qid>(qid).raw;
    const Completion completion = admin(entry);
    if (!completion.ok() || qid == 0) return completion;
    // Completions that were posted before the deletion count; what has none now is aborted.
    if (SubmissionQueue* queue = sq(qid)) reap(queue->cq);
    drop_sq(qid);
    return completion;
}

Completion HostDriver::delete_cq(std::uint16_t qid) {
    spec::SubmissionEntry entry = commands::make(spec::AdminOpcode::kDeleteIoCq);
    entry.cdw10 = spec::DeleteQueueCdw10{}.with<spec::DeleteQueueCdw10::Qid>(qid).raw;
    const Completion completion = admin(entry);
    if (completion.ok() && qid != 0) drop_cq(qid);
    return completion;
}

Completion HostDriver::delete_queue_pair(std::uint16_t qid) {
    const SubmissionQueue* queue = sq(qid);
    if (queue == nullptr || qid == 0) return Completion::failed(DriverError::kNoSuchQueue);
    const std::uint16_t cqid = queue->cq.qid;
    const Completion completion = delete_sq(qid);
    if (!completion.ok()) return completion;
    const CompletionQueue* remaining = cq(cqid);
    const bool unused = remaining != nullptr && remaining->submission_queues == 0;
    return unused && cqid != 0 ? delete_cq(cqid) : completion;
}

void HostDriver::drop_sq(std::uint16_t qid) {
    if (sq(qid) == nullptr) return;
    const std::unique_ptr<SubmissionQueue> queue = std::move(sqs_[qid]);
    --queue->cq.submission_queues;
    queue->cq.progress.notify(sc_core::SC_ZERO_TIME);
    allocator_.release(queue->memory);
    for (std::size_t cid = 0; cid < queue->slots.size(); ++cid) {
        SubmissionQueue::Slot& slot = queue->slots[cid];
        if (slot.prp_list) allocator_.release(slot.prp_list);
        if (slot.state == SubmissionQueue::State::kInFlight && slot.on_completion.function) {
            Completion aborted = Completion::failed(DriverError::kAborted);
            aborted.sqid = qid;
            aborted.cid = static_cast<std::uint16_t>(cid);
            slot.on_completion.function(slot.on_completion.context, aborted);
        }
    }
}

void HostDriver::drop_cq(std::uint16_t qid) {
    if (cq(qid) == nullptr) return;
    std::unique_ptr<CompletionQueue> queue = std::move(cqs_[qid]);
    queue->alive = false;
    queue->progress.notify(sc_core::SC_ZERO_TIME);
    allocator_.release(queue->memory);
    retired_.push_back(std::move(queue));
    forget_retired();
}

void HostDriver::forget_retired() {
    const auto idle = [](const std::unique_ptr<CompletionQueue>& queue) {
        return queue->users == 0 && queue->submission_queues == 0;
    };
    retired_.erase(std::remove_if(retired_.begin(), retired_.end(), idle), retired_.end());
}

}  // namespace platform
