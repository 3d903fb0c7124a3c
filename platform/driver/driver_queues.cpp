// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/driver_queues.h"

#include <algorithm>
#include <cstring>

namespace platform {

namespace {

/// The controller frees submission slots before it completes the commands, so more commands can be
/// outstanding than the queue has slots. FFFFh stays unused: an error log entry without a command
/// has it.
constexpr std::uint32_t kMaxIdentifiers = 0xFFFF;
constexpr std::uint32_t kSpareIdentifiers = 256;

}  // namespace

CompletionQueue::CompletionQueue(std::uint16_t id, std::uint32_t entries, const DmaBuffer& buffer)
    : qid(id), depth(entries), memory(buffer) {
    std::memset(memory.data, 0, depth * sizeof(spec::CompletionEntry));
}

bool CompletionQueue::has_new() const {
    if (!alive) return false;
    std::uint16_t status = 0;
    std::memcpy(&status,
                memory.data + head * sizeof(spec::CompletionEntry) +
                    offsetof(spec::CompletionEntry, status),
                sizeof(status));
    return spec::CompletionStatus::from(status).get<spec::CompletionStatus::P>() == phase_;
}

bool CompletionQueue::take(spec::CompletionEntry& entry) {
    if (!has_new()) return false;
    std::memcpy(&entry, memory.data + head * sizeof(entry), sizeof(entry));
    ++reaped;
    if (++head == depth) {
        head = 0;
        phase_ = !phase_;
    }
    return true;
}

SubmissionQueue::SubmissionQueue(std::uint16_t id, std::uint32_t entries, const DmaBuffer& buffer,
                                 CompletionQueue& completion_queue)
    : qid(id), depth(entries), memory(buffer), cq(completion_queue) {
    const std::uint32_t identifiers =
        std::min(depth + std::min(depth, kSpareIdentifiers), kMaxIdentifiers);
    slots.resize(identifiers);
    free_cids_.resize(identifiers);
    for (std::uint32_t cid = 0; cid < identifiers; ++cid)
        free_cids_[cid] = static_cast<std::uint16_t>(cid);
    free_count_ = identifiers;
}

std::uint16_t SubmissionQueue::take_cid() {
    const std::uint16_t cid = free_cids_[free_first_];
    free_first_ = (free_first_ + 1) % free_cids_.size();
    --free_count_;
    return cid;
}

void SubmissionQueue::return_cid(std::uint16_t cid) {
    slots[cid].state = State::kFree;
    free_cids_[(free_first_ + free_count_) % free_cids_.size()] = cid;
    ++free_count_;
}

void SubmissionQueue::push(const spec::SubmissionEntry& entry) {
    std::memcpy(memory.data + tail * sizeof(entry), &entry, sizeof(entry));
    tail = tail + 1 == depth ? 0 : tail + 1;
}

}  // namespace platform
