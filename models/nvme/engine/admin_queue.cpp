// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/admin_queue.h"

#include <algorithm>

#include "models/nvme/engine/doorbells.h"

namespace nvme {
using spec::AdminOpcode;
using spec::StatusCode;
using util::kNever;
using util::TimePs;

AdminQueue::AdminQueue(Shared& shared, QueueSet& queues)
    : shared_(shared), state_(shared.state), queues_(queues) {
    shared.listener = this;
}

void AdminQueue::open(const SubmissionQueue::Config& sq, const CompletionQueue::Config& cq) {
    close();
    sq_.emplace(sq);
    cq_.emplace(cq);
}

void AdminQueue::close() {
    sq_.reset();
    cq_.reset();
    pool_.clear();
    levels_ = {};
    current_ = kNoCommand;
    waiting_.clear();
    ended_.clear();
    held_.clear();
    aborts_running_ = 0;
    stopped_ = false;
}

// Until nothing moves: (1) post what has come due, (2) complete event requests, (3) execute,
// (4) fetch the next command. Nothing is fetched without room for its completion: a full completion
// queue holds the host's commands back instead of losing their completions.
TimePs AdminQueue::step() {
    if (!cq_) return kNever;
    BusyStep busy(shared_);
    for (bool progress = true; progress && !shared_.stalled();) {
        if (shared_.shadow.active()) look_at_shadows();
        cq_->update(shared_.now());
        sq_->update(shared_.now());
        progress = post_due();
        if (shared_.stalled()) break;
        progress = deliver_events() || progress;
        if (!held_.empty()) progress = resume_held() || progress;
        progress = execute_due() || progress;
        if (shared_.stalled()) break;
        progress = fetch() || progress;
        progress = progress || (shared_.shadow.active() && next_look() <= shared_.now());
    }
    if (shared_.stalled()) return kNever;
    if (!state_.fetching && executing() == 0)  // a shutdown waits for them
        shared_.wake({Process::Kind::kCoordinator}, shared_.now());
    if (state_.params.intx) state_.environment.update_intx();
    if (shared_.arbiter.weighted()) tell_arbiter();
    record_levels();
    return next_due();
}

/// While admin commands can be fetched, I/O commands wait.
void AdminQueue::tell_arbiter() {
    const bool dead = stopped_ || sq_->stopped();
    const bool waiting = !dead && sq_->available() != 0 && !cq_->full() && state_.fetching;
    shared_.arbiter.set_admin(waiting ? shared_.now() : dead ? kNever : sq_->next_due());
    if (waiting) return;
    shared_.arbiter.for_each_candidate([this](std::uint16_t cqid) {
        shared_.wake({Process::Kind::kIo, cqid}, shared_.now());
    });
}

void AdminQueue::record_levels() {
    if (state_.trace == nullptr) return;
    const auto due = [this](CommandId id) { return pool_[id].due <= shared_.now(); };
    const auto waiting = std::count_if(ended_.begin(), ended_.end(), due);
    levels_.tell(state_,
                 {0, 0, 0, sq_->head(), sq_->tail(), cq_->head(), cq_->tail(),
                  static_cast<std::uint16_t>(pool_.in_use()), static_cast<std::uint16_t>(waiting)});
}

void AdminQueue::record_wait(const AdminCommand& cmd) const {
    state_.record_detail([&] {
        const AdminSteps* const steps = cmd.info == nullptr ? nullptr : &cmd.info->steps;
        return observe::CommandStepped{shared_.now(), 0, cmd.cid(), step_name(cmd, steps), cmd.due};
    });
}

TimePs AdminQueue::next_due() const {
    TimePs due = kNever;
    if (!ended_.empty() && !cq_->full()) due = pool_[ended_.front()].due;
    // A full completion queue holds back completions and fetches alike, until its head moves.
    if (cq_->full() || state_.params.intx) due = std::min(due, cq_->next_due());
    if (!held_.empty()) due = std::min(due, held_due());
    for (const CommandId id : waiting_) due = std::min(due, pool_[id].due);
    if (current_ != kNoCommand)
        due = std::min(due, pool_[current_].due);
    else if (!sq_->stopped())
        due = std::min(due, sq_->next_due());
    return shared_.shadow.active() ? std::min(due, next_look()) : due;
}

/// Nothing goes on until the host moves the head, as far as it has been seen to do.
bool AdminQueue::needs_head() const {
    const bool wanted = cq_->full() || (state_.params.intx && cq_->used() != 0);
    return wanted && cq_->newest_head() == cq_->head();
}

// A buffer that cannot be reached leaves the doorbells in BAR 0, which a host that wants to know
// what is wrong can still ring.
void AdminQueue::look_at_shadows() {
    look_at_tail(shared_, *sq_);
    if (look_at_head(shared_, *cq_, needs_head()) == Looked::kBadValue) stop();
}

/// When to look at the shadow doorbells; at once, when the head is wanted and not announced.
TimePs AdminQueue::next_look() const {
    const std::size_t tail = ShadowDoorbells::tail_of(0), head = ShadowDoorbells::head_of(0);
    if (needs_head() && !shared_.shadow.announced(head, cq_->newest_head())) return 0;
    const TimePs due = shared_.shadow.next_look(head);
    return sq_->stopped() ? due : std::min(due, shared_.shadow.next_look(tail));
}

bool AdminQueue::post_due() {
    bool any = false;
    while (!ended_.empty() && pool_[ended_.front()].due <= shared_.now() && !cq_->full()) {
        const AdminCommand& cmd = pool_[ended_.front()];
        spec::CompletionEntry entry{};
        entry.dw0 = cmd.dw0;
        entry.sqhd = sq_->head();
        entry.cid = cmd.cid();
        entry.status = cmd.status_field;
        if (cq_->fresh()) report_stale(shared_, *cq_);
        const bool lost =
            shared_.faults != nullptr && !shared_.faults->on_posting(cmd.faults, entry);
        if (!lost && !cq_->post(shared_.dma, entry)) {
            if (shared_.stalled()) break;
            fatal("Admin Completion Queue is unreachable", cq_->config().base);
            break;
        }
        pool_.remove(cmd.id);
        ended_.pop_front();
        if (lost) continue;
        any = true;
        state_.record([&] {
            return observe::CommandCompleted{shared_.now(), cmd.fetched,  0,          0,
                                             entry.cid,     cmd.opcode(), cmd.status, entry.dw0};
        });
    }
    if (any && !shared_.dma.closed()) state_.environment.raise_interrupt(cq_->config().vector);
    return any;
}

bool AdminQueue::deliver_events() {
    bool any = false;
    while (ended_.empty() && !cq_->full()) {
        const auto event = state_.events.next();
        if (!event) break;
        any = true;
        state_.record([&] { return observe::AsyncEvent{shared_.now(), event->dw0}; });
        complete({AdminOpcode::kAsyncEventRequest, event->cid}, StatusCode::kSuccess, event->dw0);
    }
    return any;
}

bool AdminQueue::fetch() {
    if (current_ != kNoCommand || stopped_ || !ended_.empty() || cq_->full() || !state_.fetching)
        return false;
    if (sq_->available() == 0 || postponed() >= sq_->config().size) return false;
    spec::SubmissionEntry sqe;
    std::uint32_t count = 0;
    const DmaResult r = sq_->fetch(shared_.dma, shared_.now(), &sqe, 1, count);
    if (!r) {
        if (!shared_.stalled()) fatal("Admin Submission Queue is unreachable", sq_->config().base);
        return false;
    }
    sq_->advance(1);
    if (sq_->drained()) shared_.shadow.look_at(ShadowDoorbells::tail_of(0), r.done);
    const CommandId id = pool_.add();
    AdminCommand& cmd = pool_[id];
    cmd = {};
    cmd.id = id;
    cmd.sqe = sqe;
    cmd.fetched = shared_.now();
    current_ = id;
    state_.record([&] { return observe::CommandFetched{shared_.now(), 0, sqe}; });
    cmd.due = util::later(r.done, util::from_ns(state_.params.admin_command_ns));
    if (shared_.faults != nullptr) meet_faults(cmd, cmd.due);
    if (current_ == id) record_wait(cmd);
    return true;
}

// [NVMe-Base-2.0 9.5 Controller Fatal Status Condition]: nothing can be told through queues that
// cannot be reached, so the status register has to.
void AdminQueue::fatal(const char* reason, std::uint64_t gpa) {
    stopped_ = true;
    ended_.clear();  // they would be tried again without end
    shared_.fatal_listener->fatal({StatusCode::kDataTransferError, reason, gpa, false});
}

}  // namespace nvme
