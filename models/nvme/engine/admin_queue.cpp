// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/admin_queue.h"

#include <algorithm>
#include <iterator>

#include "models/nvme/engine/doorbells.h"

namespace nvme {
using spec::AdminOpcode;
using spec::StatusCode;
using util::kNever;
using util::TimePs;

AdminQueue::AdminQueue(Shared& shared, QueueSet& queues)
    : shared_(shared), state_(shared.state), queues_(queues), context_{shared.state,
                                                                       shared.dma,
                                                                       shared.shadow,
                                                                       queues,
                                                                       shared.extensions,
                                                                       *this,
                                                                       aborts_running_} {
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
    current_.reset();
    completions_.clear();
    outstanding_.clear();
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

void AdminQueue::record_levels() const {
    state_.record([&] {
        const std::size_t in_flight =
            outstanding_.size() + held_.size() + completions_.size() + (current_ ? 1 : 0);
        const auto due = [this](const Completion& c) { return c.due <= shared_.now(); };
        const auto waiting = std::count_if(completions_.begin(), completions_.end(), due);
        return observe::QueueLevels{shared_.now(),
                                    0,
                                    0,
                                    sq_->head(),
                                    sq_->tail(),
                                    cq_->head(),
                                    cq_->tail(),
                                    static_cast<std::uint16_t>(in_flight),
                                    static_cast<std::uint16_t>(waiting)};
    });
}

TimePs AdminQueue::next_due() const {
    TimePs due = kNever;
    if (!completions_.empty() && !cq_->full()) due = completions_.front().due;
    // A full completion queue holds back completions and fetches alike, until its head moves.
    if (cq_->full() || state_.params.intx) due = std::min(due, cq_->next_due());
    if (!held_.empty()) due = std::min(due, held_due());
    if (current_)
        due = std::min(due, current_due_);
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
    while (!completions_.empty() && completions_.front().due <= shared_.now() && !cq_->full()) {
        Completion done = completions_.front();
        done.entry.sqhd = sq_->head();
        if (shared_.faults != nullptr &&
            !shared_.faults->on_posting(done.command.faults, done.entry)) {
            completions_.pop_front();
            continue;
        }
        if (!cq_->post(shared_.dma, done.entry)) {
            if (shared_.stalled()) break;
            fatal("Admin Completion Queue is unreachable", cq_->config().base);
            break;
        }
        completions_.pop_front();
        any = true;
        state_.record([&] {
            return observe::CommandCompleted{
                shared_.now(),  done.command.fetched, 0,           0,
                done.entry.cid, done.command.opcode,  done.status, done.entry.dw0};
        });
    }
    if (any && !shared_.dma.closed()) state_.environment.raise_interrupt(cq_->config().vector);
    return any;
}

bool AdminQueue::deliver_events() {
    bool any = false;
    while (completions_.empty() && !cq_->full()) {
        const auto event = state_.events.next();
        if (!event) break;
        any = true;
        state_.record([&] { return observe::AsyncEvent{shared_.now(), event->dw0}; });
        complete({AdminOpcode::kAsyncEventRequest, event->cid}, StatusCode::kSuccess, event->dw0);
    }
    return any;
}

bool AdminQueue::fetch() {
    if (current_ || stopped_ || !completions_.empty() || cq_->full() || !state_.fetching)
        return false;
    if (sq_->available() == 0 || held_.size() >= sq_->config().size) return false;
    AdminCommand next;
    std::uint32_t count = 0;
    const DmaResult r = sq_->fetch(shared_.dma, shared_.now(), &next.sqe, 1, count);
    if (!r) {
        if (!shared_.stalled()) fatal("Admin Submission Queue is unreachable", sq_->config().base);
        return false;
    }
    sq_->advance(1);
    if (sq_->drained()) shared_.shadow.look_at(ShadowDoorbells::tail_of(0), r.done);
    current_ = next;
    current_fetched_ = shared_.now();
    current_due_ = util::later(r.done, util::from_ns(state_.params.admin_command_ns));
    state_.record([&] { return observe::CommandFetched{shared_.now(), 0, next.sqe}; });
    if (shared_.faults != nullptr) meet_faults();
    return true;
}

bool AdminQueue::execute_due() {
    if (!current_ || current_due_ > shared_.now()) return false;
    execute();
    return true;
}

void AdminQueue::execute() {
    AdminCommand cmd = *current_;
    const Outstanding self{cmd.cid(), cmd.opcode(), current_fetched_, cmd.faults};
    outstanding_.push_back(self);  // before: a handler may already complete it
    const FaultScope whose(shared_.faults, cmd.faults);
    const Result<AdminStep> result = execute_admin_command(context_, cmd);
    if (shared_.dma.closed()) return;  // a reset came during a DMA: close() forgets the command
    current_.reset();
    if (result && !(*result).at) return;
    forget(self);
    if (result) {
        enqueue(self, StatusCode::kSuccess, 0, cmd.dw0, *(*result).at);
        return;
    }
    const CommandError& error = result.error();
    ErrorLog::Context context;
    context.sqid = 0;
    context.cid = cmd.cid();
    context.nsid = cmd.sqe.nsid;
    state_.errors.add(context, error);
    state_.record([&] {
        return observe::CommandRefused{shared_.now(), 0,
                                       cmd.cid(),     cmd.opcode(),
                                       error.code,    error.reason,
                                       error.detail,  error.parameter.raw()};
    });
    enqueue(self, error.code, completion_status(error.code, error.do_not_retry, true), 0,
            shared_.now());
}

void AdminQueue::forget(const Outstanding& command) {
    const auto it = std::find_if(outstanding_.rbegin(), outstanding_.rend(),
                                 [&](const Outstanding& o) { return o.cid == command.cid; });
    if (it != outstanding_.rend()) outstanding_.erase(std::next(it).base());
}

void AdminQueue::abort_ended(std::uint16_t abort_cid, bool aborted) {
    if (!cq_) return;  // as below
    --aborts_running_;
    complete({AdminOpcode::kAbort, abort_cid}, StatusCode::kSuccess,
             spec::AbortDw0{}.with<spec::AbortDw0::NotAborted>(!aborted).raw);
}

void AdminQueue::queue_deleted(std::uint16_t sqid, std::uint16_t cid) {
    queues_.on_deleted(sqid);
    complete({AdminOpcode::kDeleteIoSq, cid}, StatusCode::kSuccess, 0);
}

void AdminQueue::complete(AdminCommandId id, StatusCode status, std::uint32_t dw0) {
    if (!cq_) return;  // a reset has taken the queue, and with it the command
    const auto it =
        std::find_if(outstanding_.begin(), outstanding_.end(), [id](const Outstanding& o) {
            return o.cid == id.cid && o.opcode == static_cast<std::uint8_t>(id.opcode);
        });
    if (it == outstanding_.end()) return;
    const Outstanding command = *it;
    outstanding_.erase(it);
    enqueue(command, status, completion_status(status, false, false), dw0, shared_.now());
    shared_.wake({Process::Kind::kAdmin}, shared_.now());
}

void AdminQueue::enqueue(const Outstanding& command, StatusCode status, std::uint16_t field,
                         std::uint32_t dw0, TimePs at) {
    if (shared_.faults != nullptr && postpones(command, status, field, dw0, at)) return;
    spec::CompletionEntry entry{};
    entry.dw0 = dw0;
    entry.cid = command.cid;
    entry.status = field;
    const TimePs due = shared_.dma.reserve_write_behind(at, CompletionQueue::kLinkBytes);
    // Posting order is queue order; a later entry never overtakes an earlier one.
    const TimePs after = completions_.empty() ? due : std::max(due, completions_.back().due);
    completions_.push_back({entry, after, command, status});
}

// [NVMe-Base-2.0 9.5 Controller Fatal Status Condition]: nothing can be told through queues that
// cannot be reached, so the status register has to.
void AdminQueue::fatal(const char* reason, std::uint64_t gpa) {
    stopped_ = true;
    completions_.clear();  // they would be tried again without end
    shared_.fatal_listener->fatal({StatusCode::kDataTransferError, reason, gpa, false});
}

}  // namespace nvme
