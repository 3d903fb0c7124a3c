// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/queue_use.h"

#include <algorithm>

#include "models/nvme/spec/opcodes.h"
#include "models/nvme/spec/registers.h"

namespace driver {
using nvme::spec::Aqa;

namespace {

constexpr auto kDoorbellBufferConfig =
    static_cast<std::uint8_t>(nvme::spec::AdminOpcode::kDoorbellBufferConfig);

}  // namespace

void QueueUse::take(const observe::RegisterWrite& e) {
    if (e.offset != nvme::spec::offset::kAqa) return;
    const Aqa aqa = Aqa::from(static_cast<std::uint32_t>(e.value));
    queues_[0].submission_entries = aqa.get<Aqa::Asqs>() + 1;
    queues_[0].completion_entries = aqa.get<Aqa::Acqs>() + 1;
}

void QueueUse::take(const observe::Doorbell& e) {
    if (!e.accepted) {
        ++rejected_;
        return;
    }
    QueueFigures& queue = queues_[e.qid];
    ++(e.completion ? queue.heads : queue.tails);
}

void QueueUse::take(const observe::QueueChange& e) {
    QueueFigures& queue = queues_[e.qid];
    if (!e.created) {
        if (e.completion) return;
        // Commands end with their queue.
        if (e.qid != 0) change_depth(e.ps, -static_cast<std::int64_t>(queue.in_flight));
        queue.in_flight = 0;
        return;
    }
    if (!e.completion) {
        queue.submission_entries = e.size;
        return;
    }
    queue.completion_entries = e.size;
    queue.posted = 0;
    if (e.vector == observe::kNoId) queue.polled = true;
}

void QueueUse::take(const observe::QueueLevels& e) {
    QueueFigures& queue = queues_[e.sqid];
    const std::uint32_t entries = queue.submission_entries;
    if (entries != 0 && (e.sq_tail + 1u) % entries == e.sq_head % entries) ++queue.full;
}

void QueueUse::take(const observe::CommandFetched& e) {
    QueueFigures& queue = queues_[e.sqid];
    ++queue.commands;
    queue.most_in_flight = std::max(queue.most_in_flight, ++queue.in_flight);
    if (e.sqid == 0 && e.opcode() == kDoorbellBufferConfig) shadow_ = true;
    if (e.sqid != 0) change_depth(e.ps, 1);
}

void QueueUse::take(const observe::CommandCompleted& e) {
    QueueFigures& sq = queues_[e.sqid];
    if (sq.in_flight != 0) {
        --sq.in_flight;
        if (e.sqid != 0) change_depth(e.ps, -1);
    }
    QueueFigures& cq = queues_[e.cqid];
    ++cq.completions;
    if (cq.completion_entries == 0 || ++cq.posted < cq.completion_entries) return;
    cq.posted = 0;
    ++cq.wraps;
}

void QueueUse::take(const observe::Reset& e) {
    change_depth(e.ps, 0);
    depth_ = 0;
    for (auto& [qid, queue] : queues_) queue.in_flight = queue.posted = 0;
}

void QueueUse::change_depth(util::TimePs ps, std::int64_t by) {
    if (ps > since_ && depth_ != 0) {
        const auto length = static_cast<double>(ps - since_);
        busy_ps_ += length;
        depth_ps_ += length * static_cast<double>(depth_);
    }
    since_ = std::max(since_, ps);
    depth_ += static_cast<std::uint64_t>(by);
}

double QueueUse::mean_depth() const {
    return busy_ps_ > 0 ? depth_ps_ / busy_ps_ : 0;
}

}  // namespace driver
