// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "models/nvme/commands/queue_control.h"
#include "models/nvme/engine/io_worker.h"

namespace nvme {

/// The I/O queues of a controller: which exist, and which worker serves them.
class QueueSet final : public QueueControl {
public:
    explicit QueueSet(Shared& shared);

    [[nodiscard]] bool valid(std::uint32_t qid) const override { return qid - 1 < granted_; }
    void grant(std::uint32_t count) override;
    [[nodiscard]] std::uint32_t granted() const override { return granted_; }
    [[nodiscard]] bool cq_exists(std::uint32_t cqid) const override {
        return valid(cqid) && worker(static_cast<std::uint16_t>(cqid)).is_open();
    }
    [[nodiscard]] bool sq_exists(std::uint32_t sqid) const override {
        return valid(sqid) && cq_of_[sqid - 1] != 0;
    }
    [[nodiscard]] bool sq_being_deleted(std::uint32_t sqid) const override {
        return valid(sqid) && deleting_[sqid - 1];
    }
    [[nodiscard]] bool any() const override;
    [[nodiscard]] bool in_use(std::uint16_t cqid) const override {
        return worker(cqid).has_queues();
    }
    [[nodiscard]] bool vector_used(std::uint32_t vector) const override;
    /// The controller has such a worker, whether or not the queue is there.
    [[nodiscard]] bool exists(std::uint32_t cqid) const { return cqid - 1 < workers_.size(); }

    /// The worker of completion queue `cqid`, which must be valid().
    [[nodiscard]] IoWorker& worker(std::uint16_t cqid) const { return *workers_[cqid - 1u]; }
    /// The worker that serves `sqid`, which must exist or be on its way to deletion.
    [[nodiscard]] IoWorker& worker_of_sq(std::uint16_t sqid) const {
        return worker(cq_of_[sqid - 1u]);
    }

    void create_cq(const CompletionQueue::Config& config) override;
    void create_sq(const SubmissionQueue::Config& config) override;
    void delete_cq(std::uint16_t cqid) override;
    void delete_sq(std::uint16_t sqid, std::uint16_t cid) override;
    void abort(std::uint16_t sqid, std::uint16_t cid, std::uint16_t abort_cid) override;
    void wake_all() override;
    /// The worker has ended the queue's last command.
    void on_deleted(std::uint16_t sqid);
    void clear();

    /// True: no worker holds a command that still has to be executed.
    [[nodiscard]] bool idle() const;

    void append_doorbells(std::vector<std::uint32_t>& values) const override;

    template <typename Visitor>
    void for_each_cq(Visitor&& visitor) const {
        for (std::size_t i = 0; i < workers_.size(); ++i)
            if (workers_[i]->is_open()) visitor(static_cast<std::uint16_t>(i + 1), *workers_[i]);
    }

private:
    Shared& shared_;
    ControllerState& state_;
    std::uint32_t granted_;
    std::vector<std::unique_ptr<IoWorker>> workers_;  // index CQID - 1
    std::vector<std::uint16_t> cq_of_;                // index SQID - 1; 0: no such queue
    std::vector<bool> deleting_;
};

}  // namespace nvme
