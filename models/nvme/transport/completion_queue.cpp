// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/completion_queue.h"

#include <algorithm>
#include <array>

namespace nvme {
using spec::CompletionStatus;

std::uint32_t CompletionQueue::stale_entries(Dma& dma) const {
    std::array<spec::CompletionEntry, 256> some;  // a page of them
    std::uint32_t stale = 0;
    for (std::uint32_t first = 0; first < config_.size;) {
        const auto count = std::min<std::uint32_t>(some.size(), config_.size - first);
        const std::size_t bytes = count * sizeof some[0];
        if (!dma.peek(config_.base + first * sizeof some[0], some.data(), bytes)) break;
        for (std::uint32_t i = 0; i < count; ++i)
            if (CompletionStatus::from(some[i].status).get<CompletionStatus::P>()) ++stale;
        first += count;
    }
    return stale;
}

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
    fresh_ = false;
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
