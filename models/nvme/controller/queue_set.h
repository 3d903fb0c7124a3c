// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "models/nvme/controller/io_worker.h"

namespace nvme {

/// The I/O queues of a controller: which exist, and which worker serves them.
class QueueSet {
public:
    explicit QueueSet(Core& core);

    /// 1 to the number granted by the Number of Queues feature. Both kinds get the same number.
    [[nodiscard]] bool valid(std::uint32_t qid) const { return qid - 1 < granted_; }
    /// `count` is at least 1; more than the controller has are not granted.
    void grant(std::uint32_t count);
    [[nodiscard]] std::uint32_t granted() const { return granted_; }
    [[nodiscard]] bool cq_exists(std::uint32_t cqid) const {
        return valid(cqid) && worker(static_cast<std::uint16_t>(cqid)).is_open();
    }
    /// A submission queue on its way to deletion exists no more for commands that name it.
    [[nodiscard]] bool sq_exists(std::uint32_t sqid) const {
        return valid(sqid) && cq_of_[sqid - 1] != 0;
    }
    [[nodiscard]] bool sq_being_deleted(std::uint32_t sqid) const {
        return valid(sqid) && deleting_[sqid - 1];
    }
    [[nodiscard]] bool any() const;
    /// The controller has such a worker, whether or not the queue is there.
    [[nodiscard]] bool exists(std::uint32_t cqid) const { return cqid - 1 < workers_.size(); }

    /// The worker of completion queue `cqid`, which must be valid().
    [[nodiscard]] IoWorker& worker(std::uint16_t cqid) const { return *workers_[cqid - 1u]; }
    /// The worker that serves `sqid`, which must exist or be on its way to deletion.
    [[nodiscard]] IoWorker& worker_of_sq(std::uint16_t sqid) const {
        return worker(cq_of_[sqid - 1u]);
    }

    void create_cq(const CompletionQueue::Config& config);
    void create_sq(const SubmissionQueue::Config& config);
    void delete_cq(std::uint16_t cqid);
    /// `done` is called when the queue's commands have ended.
    void delete_sq(std::uint16_t sqid, IoWorker::DeleteDone done);
    void clear();

    /// True: no worker holds a command that still has to be executed.
    [[nodiscard]] bool idle() const;

    /// Tail and head of each queue that may exist, as the host wrote them last; 0 without a queue.
    void append_doorbells(std::vector<std::uint32_t>& values) const;

    template <typename Visitor>
    void for_each_cq(Visitor&& visitor) const {
        for (std::size_t i = 0; i < workers_.size(); ++i)
            if (workers_[i]->is_open()) visitor(static_cast<std::uint16_t>(i + 1), *workers_[i]);
    }

private:
    Core& core_;
    std::uint32_t granted_;
    std::vector<std::unique_ptr<IoWorker>> workers_;  // index CQID - 1
    std::vector<std::uint16_t> cq_of_;                // index SQID - 1; 0: no such queue
    std::vector<bool> deleting_;
};

}  // namespace nvme
