// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/queue_set.h"

#include <algorithm>
#include <utility>

namespace nvme {

QueueSet::QueueSet(Core& core) : core_(core), granted_(core.params.max_io_queues) {
    const std::size_t count = core.params.max_io_queues;
    for (std::size_t i = 0; i < count; ++i) workers_.push_back(std::make_unique<IoWorker>(core));
    cq_of_.resize(count);
    deleting_.resize(count);
}

void QueueSet::grant(std::uint32_t count) {
    granted_ = std::min<std::uint32_t>(count, core_.params.max_io_queues);
}

bool QueueSet::any() const {
    return std::any_of(workers_.begin(), workers_.end(),
                       [](const auto& w) { return w->is_open(); });
}

void QueueSet::create_cq(const CompletionQueue::Config& config) {
    worker(config.id).open(config);
    core_.record([&] {
        return observe::QueueChange{core_.now(), true, true, config.id, config.size, config.base};
    });
}

void QueueSet::create_sq(const SubmissionQueue::Config& config) {
    worker(config.cqid).add_queue(config);
    cq_of_[config.id - 1u] = config.cqid;
    core_.arbiter.add(config.id, config.cqid, static_cast<spec::QueuePriority>(config.priority));
    core_.record([&] {
        return observe::QueueChange{core_.now(), false, true, config.id, config.size, config.base};
    });
}

void QueueSet::delete_cq(std::uint16_t cqid) {
    worker(cqid).signal_held();
    core_.shadow.forget(ShadowDoorbells::head_of(cqid));
    worker(cqid).close();
    core_.record([&] { return observe::QueueChange{core_.now(), true, false, cqid, 0}; });
}

void QueueSet::delete_sq(std::uint16_t sqid, IoWorker::DeleteDone done) {
    const std::uint16_t cqid = cq_of_[sqid - 1u];
    deleting_[sqid - 1u] = true;
    worker(cqid).delete_queue(sqid, [this, sqid, done = std::move(done)] {
        cq_of_[sqid - 1u] = 0;
        deleting_[sqid - 1u] = false;
        core_.arbiter.remove(sqid);
        core_.record([&] { return observe::QueueChange{core_.now(), false, false, sqid, 0}; });
        done();
    });
    core_.surroundings.wake({Process::Kind::kIo, cqid}, core_.now());
}

void QueueSet::clear() {
    granted_ = core_.params.max_io_queues;
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
