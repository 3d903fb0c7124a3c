// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include <systemc>

#include "platform/driver/driver_types.h"

namespace platform {

/// The host's side of a completion queue: it owns the head and the expected phase. An entry is new
/// when its phase tag differs from what the slot held on the previous pass.
class CompletionQueue {
public:
    CompletionQueue(std::uint16_t qid, std::uint32_t depth, const DmaBuffer& memory);

    /// Takes the next new entry; false when there is none or the queue is gone.
    bool take(spec::CompletionEntry& entry);
    [[nodiscard]] bool has_new() const;

    const std::uint16_t qid;
    const std::uint32_t depth;
    const DmaBuffer memory;
    std::uint64_t doorbell = 0;  // bus address of the head doorbell
    bool interrupts = false;     // the controller signals; otherwise the waiter polls
    unsigned host_vector = 0;    // of the interrupt controller
    std::uint32_t head = 0;
    std::uint32_t head_rung = 0;     // last value written to the doorbell
    std::uint64_t reaped = 0;        // entries taken since creation
    unsigned submission_queues = 0;  // that complete here

    // A process that waits or reaps keeps the object alive while it may come back to it.
    unsigned users = 0;
    unsigned waiters = 0;
    bool alive = true;
    sc_core::sc_event progress;      // somebody reaped, or the queue is gone
    sc_core::sc_event_or_list wake;  // all that ends a wait on this queue

private:
    bool phase_ = true;
};

/// The host's side of a submission queue: it owns the tail and learns the head from completions.
/// Command identifiers are handed out first-in first-out, so that an identifier rests as long as
/// possible before it is used again: a duplicate completion is then found out.
class SubmissionQueue {
public:
    enum class State : std::uint8_t { kFree, kInFlight, kDone };
    struct Slot {
        State state = State::kFree;
        std::uint64_t serial = 0;
        OnCompletion on_completion;
        Completion completion;
        DmaBuffer prp_list;  // kept for the next command with this identifier
    };

    SubmissionQueue(std::uint16_t qid, std::uint32_t depth, const DmaBuffer& memory,
                    CompletionQueue& cq);

    /// A queue that is full to the brim could not be told from an empty one.
    [[nodiscard]] bool full() const { return (tail + 1) % depth == head; }
    [[nodiscard]] bool has_cid() const { return free_count_ != 0; }
    [[nodiscard]] std::uint16_t take_cid();
    void return_cid(std::uint16_t cid);
    void push(const spec::SubmissionEntry& entry);

    const std::uint16_t qid;
    const std::uint32_t depth;
    const DmaBuffer memory;
    CompletionQueue& cq;
    std::uint64_t doorbell = 0;  // bus address of the tail doorbell
    std::uint32_t tail = 0;
    std::uint32_t tail_rung = 0;
    std::uint32_t head = 0;
    unsigned in_flight = 0;
    std::vector<Slot> slots;  // by command identifier

private:
    std::vector<std::uint16_t> free_cids_;  // ring
    std::size_t free_first_ = 0;
    std::size_t free_count_ = 0;
};

}  // namespace platform
