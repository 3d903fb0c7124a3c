// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/media/volume.h"
#include "models/nvme/commands/io_command.h"
#include "models/nvme/engine/command_pool.h"
#include "models/nvme/engine/due_list.h"
#include "models/nvme/engine/level_news.h"
#include "models/nvme/engine/shared.h"
#include "models/nvme/engine/waiting_aborts.h"
#include "models/nvme/transport/bounce_buffer.h"
#include "models/nvme/transport/completion_queue.h"
#include "models/nvme/transport/submission_queue.h"

namespace nvme {

/// Entries read by one fetch: as many as one PCI Express read request of 512 bytes brings.
inline constexpr std::uint32_t kFetchBatch = 8;

/// A submission queue, and which commands of the pool are its own.
struct SubmissionState {
    explicit SubmissionState(const SubmissionQueue::Config& config) : queue(config) {}

    SubmissionQueue queue;
    std::vector<CommandId> commands, free;
    WaitingAborts aborts;
    CommandId fused_first = kNoCommand;  ///< fetched, and waits for the command behind it
    LevelNews levels;

    [[nodiscard]] std::size_t in_flight() const { return commands.size() - free.size(); }
};

/// Serves one I/O completion queue and the submission queues that complete into it: fetches,
/// executes, completes, signals. It has no process of its own: whoever calls step() lends one, and
/// step() says when it wants to run again. Commands in flight are entries of a list of due times.
///
/// A step may be suspended inside a DMA. What other processes want meanwhile (delete a queue, abort
/// a command) is therefore only noted, and done by the worker itself at its next step.
class IoWorker {
public:
    explicit IoWorker(Shared& shared) : shared_(shared), state_(shared.state) {}

    void open(const CompletionQueue::Config& config);
    void close();  ///< forgets the queues and every command; nothing is posted
    [[nodiscard]] bool is_open() const { return cq_.has_value(); }
    [[nodiscard]] CompletionQueue& cq() { return *cq_; }
    [[nodiscard]] const CompletionQueue& cq() const { return *cq_; }

    void add_queue(const SubmissionQueue::Config& config);
    /// Commands in flight complete with Command Aborted due to SQ Deletion, as far as the
    /// completion queue has room; none complete after the listener was told.
    void delete_queue(std::uint16_t sqid, std::uint16_t delete_cid);
    /// For the Abort command `abort_cid`. The listener hears what became of it.
    void abort(std::uint16_t sqid, std::uint16_t cid, std::uint16_t abort_cid);
    /// Commands for `ns` end with Command Aborted due to Preempt and Abort. Unlike the two above it
    /// acts at once, from any process: the preempting host must not wait for a controller that is
    /// not allowed to send. The one command that may be inside a DMA is marked and ends after it;
    /// those that are not fetched yet do no more than end when they are.
    void abort_preempted(Namespace& ns);
    /// Commands that wait for such aborts look again. False: there are none.
    bool retry_waiting();

    [[nodiscard]] SubmissionQueue* find(std::uint16_t sqid);
    [[nodiscard]] bool has_queues() const { return !sqs_.empty(); }
    /// Commands that are fetched and not yet posted, save those that wait for room.
    [[nodiscard]] std::size_t executing() const { return due_.size() + (advancing_ ? 1 : 0); }
    /// A doorbell of the completion queue changes nothing until completions wait for room.
    [[nodiscard]] bool waits_for_room() const { return !parked_.empty(); }
    /// Completions that wait for room, and since when there are any.
    [[nodiscard]] std::size_t waiting_for_room() const { return parked_.size(); }
    [[nodiscard]] util::TimePs waiting_since() const { return parked_since_; }
    [[nodiscard]] bool stopped() const { return stopped_; }
    template <typename Visitor>
    void for_each_sq(Visitor&& visitor) const {
        for (const auto& sq : sqs_) visitor(*sq);
    }
    /// The host broke the completion queue's doorbell: fetch no more.
    void stop() { stopped_ = true; }

    /// Entries that the host has not been told of, because their interrupt is held back.
    [[nodiscard]] std::uint32_t held() const;
    /// Tells it now: nobody will do so later.
    void signal_held();

    /// Does what can be done now; returns when to call again, kNever when only a wake-up helps.
    util::TimePs step();

private:
    struct Request {
        enum class Kind : std::uint8_t { kDelete, kAbort };
        Kind kind;
        std::uint16_t sqid;
        std::uint16_t admin_cid;  // of the admin command that waits for it
        std::uint16_t cid = 0;    // kAbort: whose end it wants
    };

    void see_doorbells();
    void look_at_shadows();
    [[nodiscard]] bool needs_head() const;
    [[nodiscard]] util::TimePs next_look() const;

    void serve_requests();
    void do_delete(const Request& request);
    void forget(const SubmissionState& gone);
    void do_abort(const Request& request);
    bool abort_in_flight(const Request& request);
    std::optional<bool> abort_waiting(const Request& request);
    void end_unfetched(IoCommand& cmd, const WaitingAborts::End& end, util::TimePs arrived);
    void answer_abort(std::uint16_t abort_cid, bool aborted);
    void give_up_aborts();

    void advance_due();
    void advance_next();
    void run_steps(IoCommand& cmd);
    void end_preempted(IoCommand& cmd);
    void ready_to_post(IoCommand& cmd, util::TimePs at);
    void end_later(IoCommand& cmd, util::TimePs done);
    void finish(IoCommand& cmd);
    void leave(IoCommand& cmd, util::TimePs at);
    void post_behind(IoCommand& cmd, util::TimePs data);
    void fail(IoCommand& cmd, const CommandError& error);
    void post_parked();
    bool post(IoCommand& cmd);
    void release(IoCommand& cmd, bool posted);
    void fetch();
    void fetch_weighted();
    Arbiter::Grant my_turn();
    void fetch_from(SubmissionState& sq, std::uint32_t burst);
    [[nodiscard]] bool power_holds_fetch() const {
        const util::TimePs from = state_.power.io_from();
        return from != 0 && from > shared_.now();  // mostly 0, and the time has its price
    }
    [[nodiscard]] bool may_fetch(const SubmissionState& sq) const;
    [[nodiscard]] bool can_fetch(const SubmissionState& sq) const;
    [[nodiscard]] bool any_can_fetch() const;
    /// Tells the arbiter which queues could fetch; none while the process is busy.
    void set_candidates(bool able);
    bool others_look_first();
    [[nodiscard]] util::TimePs next_turn() const;
    void accept(SubmissionState& sq, const spec::SubmissionEntry& sqe,
                WaitingAborts::Position position, util::TimePs arrived);
    void signal();

    // io_worker_alone.cpp
    /// Returns when the process wants to go on.
    [[nodiscard]] util::TimePs advance_alone();
    [[nodiscard]] bool is_private(util::TimePs due) const;
    [[nodiscard]] bool pointer_at_hand(const IoCommand& cmd) const;
    [[nodiscard]] bool data_at_hand(const IoCommand& cmd) const;

    // io_worker_fused.cpp
    [[nodiscard]] bool pair(SubmissionState& sq, IoCommand& cmd, util::TimePs arrived);
    void decode(IoCommand& cmd, util::TimePs arrived);
    void end_lonely(SubmissionState& sq);
    void end_second(IoCommand& first);

    // io_worker_faults.cpp
    [[nodiscard]] bool meet_faults(IoCommand& cmd, util::TimePs arrived);
    void release_held();

    void push(IoCommand& cmd, util::TimePs due);
    [[nodiscard]] bool more_to_do();
    [[nodiscard]] util::TimePs next_due() const;
    void record_buffers(const IoCommand& cmd) const;
    void record_levels();

    Shared& shared_;
    ControllerState& state_;
    std::optional<CompletionQueue> cq_;
    std::vector<std::unique_ptr<SubmissionState>> sqs_;
    CommandPool<IoCommand> pool_;
    std::size_t next_sq_ = 0;  // round robin
    DueList due_;
    std::vector<CommandId> parked_;  // in the order of completion
    util::TimePs parked_since_ = 0;  // since when there are any
    std::vector<Request> requests_;
    BounceBuffer bounce_;
    std::vector<media::Piece> pieces_;
    std::vector<spec::SubmissionEntry> fetched_;
    std::uint64_t fetch_count_ = 0;
    util::TimePs deferred_at_ = util::kNever;  // others_look_first()
    bool may_defer_ = true;                    // others_look_first(): in this step
    unsigned unsignalled_ = 0;                 // posted since the last signal()
    std::uint32_t held_ = 0, held_round_ = 0;
    std::uint32_t releases_seen_ = 0;  // of the fault plan
    CommandId in_step_ = kNoCommand;   // perhaps suspended in a DMA
    bool advancing_ = false;  // a command is out of the list for its steps, perhaps in a DMA
    bool stopped_ = false;
};

}  // namespace nvme
