// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/nvme/commands/admin_command.h"
#include "models/nvme/engine/command_pool.h"
#include "models/nvme/engine/level_news.h"
#include "models/nvme/engine/queue_set.h"
#include "models/nvme/transport/completion_queue.h"
#include "models/nvme/transport/submission_queue.h"

namespace nvme {

/// Serves the Admin Submission and Completion Queue. Commands begin one at a time, in the order of
/// the queue: the next is fetched when the one before is over or waits. Like IoWorker it borrows a
/// process for step().
class AdminQueue final : public AdminCompleter, public QueueListener {
public:
    AdminQueue(Shared& shared, QueueSet& queues);

    void open(const SubmissionQueue::Config& sq, const CompletionQueue::Config& cq);
    void close();  ///< forgets everything; nothing is posted
    [[nodiscard]] bool is_open() const { return cq_.has_value(); }
    [[nodiscard]] SubmissionQueue& sq() { return *sq_; }
    [[nodiscard]] const SubmissionQueue& sq() const { return *sq_; }
    [[nodiscard]] CompletionQueue& cq() { return *cq_; }
    [[nodiscard]] const CompletionQueue& cq() const { return *cq_; }
    void stop() { stopped_ = true; }
    /// Commands that will end by themselves: not event requests, nor what waits for room.
    [[nodiscard]] std::size_t executing() const;
    /// Commands that are fetched and whose completion is not posted.
    [[nodiscard]] std::size_t in_flight() const { return pool_.in_use(); }
    [[nodiscard]] bool stopped() const { return stopped_; }

    /// Does what can be done now; returns when to call again, kNever when only a wake-up helps.
    util::TimePs step();

    void complete(AdminCommandId id, spec::StatusCode status, std::uint32_t dw0) override;
    void abort_ended(std::uint16_t abort_cid, bool aborted) override;
    void queue_deleted(std::uint16_t sqid, std::uint16_t cid) override;
    [[nodiscard]] std::array<std::uint16_t, 2> doorbells() const override {
        return {sq_->newest_tail(), cq_->newest_head()};
    }
    bool abort_held(std::uint16_t cid) override;

private:
    void tell_arbiter();
    void look_at_shadows();
    [[nodiscard]] bool needs_head() const;
    [[nodiscard]] util::TimePs next_look() const;

    bool post_due();
    bool fetch();
    bool deliver_events();
    void fatal(const char* reason, std::uint64_t gpa);

    // admin_queue_execute.cpp
    [[nodiscard]] std::size_t postponed() const;
    bool execute_due();
    void run_steps(AdminCommand& cmd);
    void refuse(AdminCommand& cmd, const CommandError& error);
    /// The command has ended, and its completion may leave at `at`.
    void end(AdminCommand& cmd, spec::StatusCode status, std::uint16_t field, util::TimePs at);

    // admin_faults.cpp
    void meet_faults(AdminCommand& cmd, util::TimePs arrived);
    bool postpones(AdminCommand& cmd, util::TimePs at);
    [[nodiscard]] bool may_resume(const AdminCommand& held) const;
    bool resume_held();
    [[nodiscard]] util::TimePs held_due() const;

    [[nodiscard]] util::TimePs next_due() const;
    void record_levels();
    void record_wait(const AdminCommand& cmd) const;

    Shared& shared_;
    ControllerState& state_;
    QueueSet& queues_;
    unsigned aborts_running_ = 0;
    std::optional<SubmissionQueue> sq_;
    std::optional<CompletionQueue> cq_;
    // A command that was fetched is in one of these.
    CommandPool<AdminCommand> pool_;
    CommandId current_ = kNoCommand;  // begins when it is due
    std::vector<CommandId> waiting_;  // for a step, or for something to end; few
    std::deque<CommandId> ended_;     // in the order of posting
    std::vector<CommandId> held_;     // a fault plan has postponed it, or its completion
    LevelNews levels_;
    bool stopped_ = false;
};

}  // namespace nvme
