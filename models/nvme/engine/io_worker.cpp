// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/io_worker.h"

#include <algorithm>
#include <utility>

#include "models/nvme/commands/nvm_commands.h"
#include "models/nvme/spec/command_formats.h"

namespace nvme {
using spec::StatusCode;
using util::kNever;
using util::TimePs;
using Stage = IoCommand::Stage;

SubmissionState::SubmissionState(const SubmissionQueue::Config& config, std::size_t slot_count,
                                 std::size_t extents_per_slot)
    : queue(config), slots(slot_count), extents(slot_count * extents_per_slot) {
    free.reserve(slot_count);
    for (std::size_t i = slot_count; i-- > 0;) {
        slots[i].owner = this;
        slots[i].extents = ExtentList(&extents[i * extents_per_slot], extents_per_slot);
        free.push_back(&slots[i]);
    }
}

void IoWorker::open(const CompletionQueue::Config& config) {
    close();
    cq_.emplace(config);
    bounce_.resize(2 * std::size_t{state_.max_transfer()});
    pieces_.reserve(ExtentList::worst_case(state_.max_transfer(), state_.page_size));
    fetched_.resize(kFetchBatch);
}

void IoWorker::close() {
    cq_.reset();
    sqs_.clear();
    heap_.clear();
    parked_.clear();
    requests_.clear();
    next_sq_ = 0;
    unsignalled_ = 0;
    held_ = 0;
    advancing_ = false;
    stopped_ = false;
}

void IoWorker::add_queue(const SubmissionQueue::Config& config) {
    // Bounded by parameters, not by the host: no more slots than commands may be in flight.
    const std::size_t slots =
        std::min<std::size_t>(state_.params.max_inflight_per_sq, config.size - 1);
    const std::size_t extents = ExtentList::worst_case(state_.max_transfer(), state_.page_size);
    sqs_.push_back(std::make_unique<SubmissionState>(config, slots, extents));
    std::size_t commands = 0;
    for (const auto& sq : sqs_) commands += sq->slots.size();
    heap_.reserve(commands);
    parked_.reserve(commands);
}

SubmissionQueue* IoWorker::find(std::uint16_t sqid) {
    for (auto& sq : sqs_)
        if (sq->queue.id() == sqid) return &sq->queue;
    return nullptr;
}

// One round: (1) requests of other processes, then until nothing moves: (2) advance what has come
// due, (3) post what waited for room, (4) fetch. An interrupt goes out after each round's posts.
TimePs IoWorker::step() {
    if (!cq_) return kNever;
    BusyStep busy(shared_);
    for (bool more = true; more && !shared_.stalled(); more = more_to_do()) {
        set_candidates(false);
        serve_requests();
        if (shared_.shadow.active()) look_at_shadows();
        if (!cq_) return kNever;
        if (shared_.faults != nullptr) release_held();
        cq_->update(shared_.now());
        for (const auto& sq : sqs_) sq->queue.update(shared_.now());
        advance_due();
        post_parked();
        fetch();
        signal();
    }
    if (shared_.stalled()) return kNever;
    give_up_aborts();
    for (const auto& sq : sqs_)
        if (sq->fused_first != nullptr) end_lonely(*sq);
    if (!state_.fetching && heap_.empty())  // a shutdown waits for commands in execution
        shared_.wake({Process::Kind::kCoordinator}, shared_.now());
    if (state_.params.intx) state_.environment.update_intx();
    record_levels();
    return next_due();
}

bool IoWorker::more_to_do() {
    if (!heap_.empty() && heap_.front().at <= shared_.now()) return true;
    if (!requests_.empty() || (!parked_.empty() && !cq_->full())) return true;
    if (shared_.shadow.active() && (needs_head() || next_look() <= shared_.now())) return true;
    // The interrupt may have suspended the process, and others have passed the turn on to it.
    if (shared_.arbiter.weighted()) return my_turn().sqid != 0;
    return std::any_of(sqs_.begin(), sqs_.end(), [this](const auto& sq) { return may_fetch(*sq); });
}

bool IoWorker::may_fetch(const SubmissionState& sq) const {
    return can_fetch(sq) && !power_holds_fetch();
}

/// There is an entry, and a slot for it.
bool IoWorker::can_fetch(const SubmissionState& sq) const {
    return !stopped_ && state_.fetching && sq.queue.available() != 0 && !sq.free.empty();
}

bool IoWorker::any_can_fetch() const {
    return std::any_of(sqs_.begin(), sqs_.end(), [this](const auto& sq) { return can_fetch(*sq); });
}

TimePs IoWorker::next_due() const {
    TimePs due = heap_.empty() ? kNever : heap_.front().at;
    if (!parked_.empty() || state_.params.intx) due = std::min(due, cq_->next_due());
    for (const auto& sq : sqs_)
        if (!sq->free.empty() && !sq->queue.stopped()) due = std::min(due, sq->queue.next_due());
    if (power_holds_fetch() && any_can_fetch()) due = std::min(due, state_.power.io_from());
    if (held() != 0) due = std::min(due, shared_.coalescer.until(cq_->config().vector));
    if (shared_.arbiter.weighted()) due = std::min(due, next_turn());
    return shared_.shadow.active() ? std::min(due, next_look()) : due;
}

void IoWorker::push(IoCommand& cmd, TimePs due) {
    heap_.push_back({due, cmd.order, &cmd});
    std::push_heap(heap_.begin(), heap_.end(), Later());
}

void IoWorker::advance_due() {
    while (!heap_.empty() && heap_.front().at <= shared_.now()) {
        std::pop_heap(heap_.begin(), heap_.end(), Later());
        IoCommand& cmd = *heap_.back().cmd;
        heap_.pop_back();
        advancing_ = true;
        if (cmd.stage != Stage::kPost) {
            run_steps(cmd);
        } else if (!parked_.empty() || cq_->full() || !post(cmd)) {
            cmd.stage = Stage::kParked;  // until there is room, or Bus Master Enable is back
            parked_.push_back(&cmd);
        }
        advancing_ = false;
        if (shared_.stalled()) return;
    }
}

/// Runs the command's steps that are due, one after another.
void IoWorker::run_steps(IoCommand& cmd) {
    NvmContext ctx{state_, shared_.dma, bounce_.data(), pieces_};
    const FaultScope whose(shared_.faults, cmd.faults);
    cmd.faults.waiting = 0;
    for (;;) {
        in_step_ = &cmd;
        const bool starting = cmd.stage == Stage::kStart;
        const Result<Next> next =
            starting ? start_nvm_command(ctx, cmd) : cmd.info->steps[cmd.step].run(ctx, cmd);
        in_step_ = nullptr;
        if (cmd.preempted) return end_preempted(cmd);
        // A reset came during a DMA: close() will forget the command.
        if (shared_.dma.closed()) return;
        if (!next) return fail(cmd, next.error());
        if (starting) record_buffers(cmd);
        if ((*next).kind == Next::Kind::kDone) return ready_to_post(cmd, (*next).at);
        if ((*next).kind == Next::Kind::kSent) return post_behind(cmd, (*next).at);
        cmd.stage = Stage::kSteps;
        cmd.step = (*next).step;
        if ((*next).at > shared_.now()) return push(cmd, (*next).at);
    }
}

void IoWorker::fail(IoCommand& cmd, const CommandError& error) {
    ErrorLog::Context context;
    context.sqid = cmd.owner->queue.id();
    context.cid = cmd.cid();
    context.nsid = cmd.sqe.nsid;
    if (spec::names_blocks(cmd.opcode())) context.lba = cmd.slba();
    state_.errors.add(context, error);
    state_.record([&] {
        return observe::CommandRefused{shared_.now(), context.sqid,         cmd.cid(),
                                       cmd.opcode(),  error.code,           error.reason,
                                       error.detail,  error.parameter.raw()};
    });
    cmd.status = error.code;
    cmd.status_field = completion_status(error.code, error.do_not_retry, true);
    ready_to_post(cmd, shared_.now());
}

/// The device has done all that it has to at `at`, now or later; the entry leaves then.
void IoWorker::ready_to_post(IoCommand& cmd, TimePs at) {
    cmd.stage = Stage::kPost;
    cmd.busy_until = at;
    if (shared_.faults != nullptr) at = shared_.faults->on_ended(cmd.faults, at);
    push(cmd, std::max(at, shared_.dma.reserve_write(at, CompletionQueue::kLinkBytes)));
    if (cmd.second != nullptr) end_second(cmd);
}

/// The entry travels right behind the data, which arrives at `data`.
void IoWorker::post_behind(IoCommand& cmd, TimePs data) {
    cmd.stage = Stage::kPost;
    cmd.busy_until = shared_.now();
    const TimePs there = shared_.dma.reserve_write_behind(data, CompletionQueue::kLinkBytes);
    push(cmd, shared_.faults == nullptr ? there : shared_.faults->on_ended(cmd.faults, there));
}

void IoWorker::post_parked() {
    if (parked_.empty()) return;
    std::size_t posted = 0;
    while (posted < parked_.size() && !cq_->full()) {
        IoCommand& cmd = *parked_[posted];
        if (!post(cmd)) break;
        ++posted;
    }
    parked_.erase(parked_.begin(), parked_.begin() + static_cast<std::ptrdiff_t>(posted));
}

/// False: nothing can be posted now (the gate is closed, or Bus Master Enable is 0).
bool IoWorker::post(IoCommand& cmd) {
    SubmissionQueue& sq = cmd.owner->queue;
    spec::CompletionEntry cqe{};
    cqe.dw0 = cmd.dw0;
    cqe.sqhd = sq.head();
    cqe.sqid = sq.id();
    cqe.cid = cmd.cid();
    cqe.status = cmd.status_field;
    if (shared_.faults != nullptr && !shared_.faults->on_posting(cmd.faults, cqe)) {
        release(cmd, false);
        return true;
    }
    if (!cq_->post(shared_.dma, cqe)) {
        if (shared_.stalled()) return false;
        // The completion is lost with the queue; the host learns it by the event and has to delete
        // the queue. The others go on.
        stop();
        state_.queue_error(sq.id(), spec::AsyncErrorInfo::kTransientInternalError,
                           {StatusCode::kDataTransferError, "completion queue is unreachable",
                            cq_->config().base, false});
        release(cmd, false);
        return true;
    }
    ++unsignalled_;
    state_.record([&] {
        return observe::CommandCompleted{shared_.now(), cmd.fetched,  sq.id(),    cq_->id(),
                                         cmd.cid(),     cmd.opcode(), cmd.status, cmd.dw0};
    });
    release(cmd, true);
    return true;
}

void IoWorker::release(IoCommand& cmd, bool posted) {
    if (cmd.abort_cid)
        answer_abort(*cmd.abort_cid, posted && cmd.status == StatusCode::kAbortRequested);
    cmd.ns.reset();
    cmd.owner->free.push_back(&cmd);
    state_.health.command_ended(shared_.now());
    // Idle time begins, and the coordinator has to know when it ends.
    if (state_.power.autonomous() && state_.health.idle_since())
        shared_.wake({Process::Kind::kCoordinator}, shared_.now());
}

// Round robin over the submission queues, a burst from each. [NVMe-Base-2.0 3.4.4.1 Round Robin
// Arbitration]
void IoWorker::fetch() {
    // Entries that were rung for before the controller entered a non-operational state.
    if (state_.power.non_operational() && any_can_fetch()) state_.power.io_arrived(shared_.now());
    if (shared_.arbiter.weighted()) return fetch_weighted();
    if (stopped_ || !state_.fetching || power_holds_fetch()) return;
    for (std::size_t n = sqs_.size(); n-- > 0 && !shared_.stalled();) {
        SubmissionState& sq = *sqs_[next_sq_];
        if (++next_sq_ == sqs_.size()) next_sq_ = 0;
        fetch_from(sq, state_.features.arbitration_burst());
    }
}

void IoWorker::fetch_from(SubmissionState& sq, std::uint32_t burst) {
    const auto room = static_cast<std::uint32_t>(sq.free.size());
    std::uint32_t left = std::min({sq.queue.available(), room, burst});
    while (left != 0) {
        std::uint32_t count = 0;
        const DmaResult r = sq.queue.fetch(shared_.dma, shared_.now(), fetched_.data(),
                                           std::min(left, kFetchBatch), count);
        if (!r) {
            if (shared_.stalled()) return;
            sq.queue.stop();
            state_.queue_error(sq.queue.id(), spec::AsyncErrorInfo::kTransientInternalError,
                               {StatusCode::kDataTransferError, "submission queue is unreachable",
                                sq.queue.config().base, false});
            return;
        }
        // A shutdown that began while the read waited leaves the entries in the queue.
        if (!state_.fetching) return;
        const auto position = sq.queue.position();
        sq.queue.advance(count);
        for (std::uint32_t i = 0; i < count; ++i) accept(sq, fetched_[i], position + i, r.done);
        // Fewer than before when a bad doorbell has stopped the queue meanwhile.
        left = std::min(left - count, sq.queue.available());
        if (sq.fused_first != nullptr) end_lonely(sq);
        // The host may have gone on while the entries travelled.
        if (sq.queue.drained())
            shared_.shadow.look_at(ShadowDoorbells::tail_of(sq.queue.id()), r.done);
    }
}

void IoWorker::accept(SubmissionState& sq, const spec::SubmissionEntry& sqe,
                      WaitingAborts::Position position, TimePs arrived) {
    IoCommand& cmd = *sq.free.back();
    sq.free.pop_back();
    cmd.sqe = sqe;
    cmd.info = nullptr;
    cmd.extents.clear();
    cmd.stage = Stage::kStart;
    cmd.step = 0;
    cmd.part = 0;
    cmd.progress = 0;
    cmd.status = StatusCode::kSuccess;
    cmd.status_field = 0;
    cmd.dw0 = 0;
    cmd.abort_cid.reset();
    cmd.second = nullptr;
    cmd.refusal.reset();
    cmd.busy_until = 0;
    cmd.order = ++fetch_count_;
    cmd.fetched = shared_.now();
    state_.health.command_started(shared_.now());
    state_.record([&] {
        return observe::CommandFetched{shared_.now(), sq.queue.id(), cmd.cid(), cmd.opcode(),
                                       sqe.nsid,      cmd.slba(),    sqe.cdw12, &cmd.sqe};
    });
    if (!sq.aborts.empty())
        if (const auto end = sq.aborts.fetched(position, sqe.nsid))
            return end_unfetched(cmd, *end, arrived);
    if (shared_.faults != nullptr && !meet_faults(cmd, arrived)) return;
    if (!pair(sq, cmd, arrived)) decode(cmd, arrived);
}

void IoWorker::decode(IoCommand& cmd, TimePs arrived) {
    // One decoder for all queues: commands pass it one after the other.
    shared_.firmware_free = util::later(std::max(shared_.firmware_free, arrived),
                                        util::from_ns(state_.params.firmware_per_command_ns));
    push(cmd, shared_.firmware_free);
}

void IoWorker::signal() {
    if ((unsignalled_ == 0 && held_ == 0) || shared_.stalled()) return;
    const std::uint32_t posted = std::exchange(unsignalled_, 0u);
    if (!cq_->config().interrupts) return;
    const std::uint16_t vector = cq_->config().vector;
    held_ = held() + posted;
    held_round_ = shared_.coalescer.round(vector);
    if (posted != 0) shared_.coalescer.add(vector, posted, shared_.now());
    if (held_ != 0 && shared_.coalescer.due(vector, shared_.now())) signal_held();
}

std::uint32_t IoWorker::held() const {
    if (held_ == 0) return 0;
    return shared_.coalescer.round(cq_->config().vector) == held_round_ ? held_ : 0;
}

void IoWorker::signal_held() {
    if (held() == 0) return;
    held_ = 0;
    const std::uint16_t vector = cq_->config().vector;
    shared_.coalescer.signalled(vector);
    state_.environment.raise_interrupt(vector);
}

void IoWorker::record_buffers(const IoCommand& cmd) const {
    if (state_.trace == nullptr) return;
    const bool to_host = spec::data_transfer(cmd.opcode()) == spec::DataTransfer::kControllerToHost;
    for (const Extent& e : cmd.extents) {
        if (e.discard) continue;
        state_.trace->record(observe::DataBuffer{shared_.now(), cmd.owner->queue.id(), cmd.cid(),
                                                 e.gpa, e.len, to_host});
    }
}

void IoWorker::record_levels() const {
    if (state_.trace == nullptr) return;
    for (const auto& sq : sqs_)
        state_.record([&] {
            return observe::QueueLevels{shared_.now(),
                                        sq->queue.id(),
                                        cq_->id(),
                                        sq->queue.head(),
                                        sq->queue.tail(),
                                        cq_->head(),
                                        cq_->tail(),
                                        static_cast<std::uint16_t>(sq->in_flight()),
                                        static_cast<std::uint16_t>(parked_.size())};
        });
}

}  // namespace nvme
