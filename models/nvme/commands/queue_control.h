// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "models/nvme/transport/completion_queue.h"
#include "models/nvme/transport/submission_queue.h"

namespace nvme {

/// What admin commands may do with the I/O queues of their controller.
class QueueControl {
public:
    virtual ~QueueControl() = default;

    /// 1 to the number granted by the Number of Queues feature. Both kinds get the same number.
    [[nodiscard]] virtual bool valid(std::uint32_t qid) const = 0;
    [[nodiscard]] virtual bool cq_exists(std::uint32_t cqid) const = 0;
    /// The identifier is in use, perhaps by a queue on its way to deletion: that one exists no more
    /// for commands that name it.
    [[nodiscard]] virtual bool sq_exists(std::uint32_t sqid) const = 0;
    [[nodiscard]] virtual bool sq_being_deleted(std::uint32_t sqid) const = 0;
    [[nodiscard]] virtual bool any() const = 0;
    /// Submission queues complete into `cqid`, which must exist.
    [[nodiscard]] virtual bool in_use(std::uint16_t cqid) const = 0;
    /// A completion queue signals through this interrupt vector.
    [[nodiscard]] virtual bool vector_used(std::uint32_t vector) const = 0;

    /// `count` is at least 1; more than the controller has are not granted.
    virtual void grant(std::uint32_t count) = 0;
    [[nodiscard]] virtual std::uint32_t granted() const = 0;

    virtual void create_cq(const CompletionQueue::Config& config) = 0;
    virtual void create_sq(const SubmissionQueue::Config& config) = 0;
    virtual void delete_cq(std::uint16_t cqid) = 0;
    /// The command `cid` completes when the queue's commands have ended.
    virtual void delete_sq(std::uint16_t sqid, std::uint16_t cid) = 0;
    /// The Abort command `abort_cid` completes when it is known what became of the command.
    virtual void abort(std::uint16_t sqid, std::uint16_t cid, std::uint16_t abort_cid) = 0;

    /// Tail and head of each queue that may exist, as the host wrote them last; 0 without a queue.
    virtual void append_doorbells(std::vector<std::uint32_t>& values) const = 0;
    /// Each queue looks anew at what there is to do.
    virtual void wake_all() = 0;
};

}  // namespace nvme
