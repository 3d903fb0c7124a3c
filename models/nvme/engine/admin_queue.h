// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/nvme/commands/admin_command.h"
#include "models/nvme/engine/queue_set.h"
#include "models/nvme/transport/completion_queue.h"
#include "models/nvme/transport/submission_queue.h"

namespace nvme {

/// Serves the Admin Submission and Completion Queue: one command at a time, in the order of the
/// queue, except for those that stay outstanding. Like IoWorker it borrows a process for step().
class AdminQueue final : public AdminCompleter, public QueueListener {
public:
    AdminQueue(Shared& shared, QueueSet& queues);

    void open(const SubmissionQueue::Config& sq, const CompletionQueue::Config& cq);
    void close();  ///< forgets everything; nothing is posted
    [[nodiscard]] bool is_open() const { return cq_.has_value(); }
    [[nodiscard]] SubmissionQueue& sq() { return *sq_; }
    [[nodiscard]] CompletionQueue& cq() { return *cq_; }
    [[nodiscard]] const CompletionQueue& cq() const { return *cq_; }
    void stop() { stopped_ = true; }

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
    /// What a completion's trace record says of its command.
    struct Outstanding {
        std::uint16_t cid;
        std::uint8_t opcode;
        util::TimePs fetched;
        CommandFaults faults;
    };
    struct Completion {
        spec::CompletionEntry entry;
        util::TimePs due;
        Outstanding command;
        spec::StatusCode status;
    };

    void tell_arbiter();
    void look_at_shadows();
    [[nodiscard]] bool needs_head() const;
    [[nodiscard]] util::TimePs next_look() const;
    /// A command or a completion that a fault plan has postponed.
    struct Held {
        Outstanding command;
        util::TimePs due;
        AdminCommand entry;  // not ended: to be executed
        spec::StatusCode status;
        std::uint16_t field;
        std::uint32_t dw0;
        bool ended;
    };

    bool post_due();
    bool fetch();
    bool execute_due();
    bool deliver_events();
    void execute();
    void forget(const Outstanding& command);
    void enqueue(const Outstanding& command, spec::StatusCode status, std::uint16_t field,
                 std::uint32_t dw0, util::TimePs at);
    void fatal(const char* reason, std::uint64_t gpa);

    // admin_faults.cpp
    void meet_faults();
    bool postpones(const Outstanding& command, spec::StatusCode status, std::uint16_t field,
                   std::uint32_t dw0, util::TimePs at);
    [[nodiscard]] bool may_resume(const Held& held) const;
    bool resume_held();
    [[nodiscard]] util::TimePs held_due() const;

    [[nodiscard]] util::TimePs next_due() const;
    void record_levels() const;

    Shared& shared_;
    ControllerState& state_;
    QueueSet& queues_;
    AdminContext context_;
    unsigned aborts_running_ = 0;
    std::optional<SubmissionQueue> sq_;
    std::optional<CompletionQueue> cq_;
    std::optional<AdminCommand> current_;
    util::TimePs current_due_ = 0, current_fetched_ = 0;
    std::vector<Outstanding> outstanding_;  // event requests, deletions, aborts: few
    std::deque<Completion> completions_;    // in the order of posting
    std::vector<Held> held_;                // no more than the submission queue has entries
    bool stopped_ = false;
};

}  // namespace nvme
