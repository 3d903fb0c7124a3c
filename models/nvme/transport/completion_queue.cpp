// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/completion_queue.h"

namespace nvme {
using spec::CompletionStatus;

DoorbellFault CompletionQueue::ring(std::uint16_t head, util::TimePs at) {
    if (head >= config_.size) return DoorbellFault::kOutOfRange;
    const std::uint32_t consumed = distance(head_.newest(), head);
    if (consumed > distance(head_.newest(), tail_)) return DoorbellFault::kOverrun;
    if (consumed != 0) head_.write(head, at);
    return DoorbellFault::kNone;
}

bool CompletionQueue::post(Dma& dma, spec::CompletionEntry entry) {
    entry.status = CompletionStatus::from(entry.status).with<CompletionStatus::P>(phase_).raw;
    const std::uint32_t slot = tail_;
    const bool phase = phase_;
    // The tail moves first: while the write has not returned yet, the host may already have seen
    // the entry and acknowledge it.
    if (++tail_ == config_.size) {
        tail_ = 0;
        phase_ = !phase_;
    }
    // One transaction for the whole entry: the host sees the phase tag with the rest or not at all.
    if (dma.write_now(config_.base + slot * sizeof entry, &entry, sizeof entry,
                      {DmaUse::Kind::kCompletionEntry, config_.id, entry.cid}))
        return true;
    tail_ = slot;
    phase_ = phase;
    return false;
}

}  // namespace nvme
