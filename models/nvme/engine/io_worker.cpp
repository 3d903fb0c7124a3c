// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/io_worker.h"

#include <algorithm>

namespace nvme {
using util::kNever;
using util::TimePs;

void IoWorker::open(const CompletionQueue::Config& config) {
    close();
    cq_.emplace(config);
    bounce_.reset(state_.max_transfer());
    pieces_.reserve(ExtentList::worst_case(state_.max_transfer(), state_.page_size));
    fetched_.resize(kFetchBatch);
}

void IoWorker::close() {
    cq_.reset();
    sqs_.clear();
    pool_.clear();
    due_.clear();
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
    sqs_.push_back(std::make_unique<SubmissionState>(config));
    SubmissionState& sq = *sqs_.back();
    for (std::size_t i = 0; i < slots; ++i) {
        const CommandId id = pool_.add();
        pool_[id].sqid = config.id;
        pool_[id].queue = static_cast<std::uint16_t>(sqs_.size() - 1);
        sq.commands.push_back(id);
    }
    sq.free.assign(sq.commands.rbegin(), sq.commands.rend());
    std::size_t commands = 0;
    for (const auto& each : sqs_) commands += each->commands.size();
    due_.reserve(commands);
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
    may_defer_ = deferred_at_ != shared_.now();
    for (bool more = true; more && !shared_.stalled(); more = more_to_do()) {
        set_candidates(false);
        serve_requests();
        if (shared_.shadow.active()) look_at_shadows();
        if (!cq_) return kNever;
        if (shared_.faults != nullptr) release_held();
        see_doorbells();
        advance_due();
        post_parked();
        fetch();
        signal();
    }
    if (shared_.stalled()) return kNever;
    give_up_aborts();
    for (const auto& sq : sqs_)
        if (sq->fused_first != kNoCommand) end_lonely(*sq);
    if (!state_.fetching && due_.empty())  // a shutdown waits for commands in execution
        shared_.wake({Process::Kind::kCoordinator}, shared_.now());
    if (state_.params.intx) state_.environment.update_intx();
    record_levels();
    return advance_alone();
}

/// Those that have come by now.
void IoWorker::see_doorbells() {
    const TimePs now = shared_.now();
    cq_->update(now);
    for (const auto& sq : sqs_) sq->queue.update(now);
}

bool IoWorker::more_to_do() {
    if (!due_.empty() && due_.next().at <= shared_.now()) return true;
    if (!requests_.empty() || (!parked_.empty() && !cq_->full())) return true;
    if (shared_.shadow.active() && (needs_head() || next_look() <= shared_.now())) return true;
    // The interrupt may have suspended the process, and others have passed the turn on to it.
    if (shared_.arbiter.weighted()) return my_turn().sqid != 0;
    return std::any_of(sqs_.begin(), sqs_.end(), [this](const auto& sq) { return may_fetch(*sq); });
}

TimePs IoWorker::next_due() const {
    TimePs due = due_.empty() ? kNever : due_.next().at;
    if (!parked_.empty() || state_.params.intx) due = std::min(due, cq_->next_due());
    for (const auto& sq : sqs_)
        if (!sq->free.empty() && !sq->queue.stopped()) due = std::min(due, sq->queue.next_due());
    if (power_holds_fetch() && any_can_fetch()) due = std::min(due, state_.power.io_from());
    if (held() != 0) due = std::min(due, shared_.coalescer.until(cq_->config().vector));
    if (shared_.arbiter.weighted()) due = std::min(due, next_turn());
    return shared_.shadow.active() ? std::min(due, next_look()) : due;
}

void IoWorker::record_levels() {
    if (state_.trace == nullptr) return;
    for (const auto& sq : sqs_)
        sq->levels.tell(
            state_, {0, sq->queue.id(), cq_->id(), sq->queue.head(), sq->queue.tail(), cq_->head(),
                     cq_->tail(), static_cast<std::uint16_t>(sq->in_flight()),
                     static_cast<std::uint16_t>(parked_.size())});
}

}  // namespace nvme
