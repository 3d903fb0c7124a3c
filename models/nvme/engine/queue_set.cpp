// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/queue_set.h"

#include <algorithm>
#include <utility>

namespace nvme {

QueueSet::QueueSet(Shared& shared)
    : shared_(shared), state_(shared.state), granted_(shared.state.params.max_io_queues) {
    const std::size_t count = shared.state.params.max_io_queues;
    for (std::size_t i = 0; i < count; ++i) workers_.push_back(std::make_unique<IoWorker>(shared));
    cq_of_.resize(count);
    deleting_.resize(count);
}

void QueueSet::grant(std::uint32_t count) {
    granted_ = std::min<std::uint32_t>(count, state_.params.max_io_queues);
}

bool QueueSet::any() const {
    return std::any_of(workers_.begin(), workers_.end(),
                       [](const auto& w) { return w->is_open(); });
}

bool QueueSet::vector_used(std::uint32_t vector) const {
    bool used = false;
    for_each_cq([&](std::uint16_t, const IoWorker& worker) {
        const auto& cq = worker.cq().config();
        used = used || (cq.interrupts && cq.vector == vector);
    });
    return used;
}

void QueueSet::create_cq(const CompletionQueue::Config& config) {
    worker(config.id).open(config);
    state_.record([&] {
        const std::uint32_t vector = config.interrupts ? config.vector : observe::kNoId;
        return observe::QueueChange{shared_.now(), true,        true,  config.id,
                                    config.size,   config.base, vector};
    });
}

void QueueSet::create_sq(const SubmissionQueue::Config& config) {
    worker(config.cqid).add_queue(config);
    cq_of_[config.id - 1u] = config.cqid;
    shared_.arbiter.add(config.id, config.cqid, static_cast<spec::QueuePriority>(config.priority));
    state_.record([&] {
        return observe::QueueChange{shared_.now(), false,       true,
                                    config.id,     config.size, config.base};
    });
}

void QueueSet::delete_cq(std::uint16_t cqid) {
    worker(cqid).signal_held();
    shared_.shadow.forget(ShadowDoorbells::head_of(cqid));
    worker(cqid).close();
    state_.record([&] { return observe::QueueChange{shared_.now(), true, false, cqid, 0}; });
}

void QueueSet::delete_sq(std::uint16_t sqid, std::uint16_t cid) {
    deleting_[sqid - 1u] = true;
    IoWorker& worker = worker_of_sq(sqid);
    worker.delete_queue(sqid, cid);
    shared_.wake({Process::Kind::kIo, worker.cq().id()}, shared_.now());
}

void QueueSet::on_deleted(std::uint16_t sqid) {
    cq_of_[sqid - 1u] = 0;
    deleting_[sqid - 1u] = false;
    shared_.arbiter.remove(sqid);
    state_.record([&] { return observe::QueueChange{shared_.now(), false, false, sqid, 0}; });
}

void QueueSet::abort(std::uint16_t sqid, std::uint16_t cid, std::uint16_t abort_cid) {
    IoWorker& worker = worker_of_sq(sqid);
    worker.abort(sqid, cid, abort_cid);
    shared_.wake({Process::Kind::kIo, worker.cq().id()}, shared_.now());
}

void QueueSet::wake_all() {
    for_each_cq([this](std::uint16_t cqid, IoWorker&) {
        shared_.wake({Process::Kind::kIo, cqid}, shared_.now());
    });
}

void QueueSet::clear() {
    granted_ = state_.params.max_io_queues;
    for (auto& w : workers_) w->close();
    std::fill(cq_of_.begin(), cq_of_.end(), std::uint16_t{0});
    std::fill(deleting_.begin(), deleting_.end(), false);
}

void QueueSet::append_doorbells(std::vector<std::uint32_t>& values) const {
    for (std::uint32_t id = 1; id <= granted_; ++id) {
        const auto qid = static_cast<std::uint16_t>(id);
        const SubmissionQueue* sq = sq_exists(id) ? worker_of_sq(qid).find(qid) : nullptr;
        values.push_back(sq == nullptr ? 0u : sq->newest_tail());
        values.push_back(cq_exists(id) ? worker(qid).cq().newest_head() : 0u);
    }
}

bool QueueSet::idle() const {
    return std::all_of(workers_.begin(), workers_.end(),
                       [](const auto& w) { return w->executing() == 0; });
}

}  // namespace nvme
