// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/arbiter.h"

#include <algorithm>

namespace nvme {

namespace {

constexpr std::size_t kUrgent = static_cast<std::size_t>(spec::QueuePriority::kUrgent);
constexpr std::size_t kHigh = static_cast<std::size_t>(spec::QueuePriority::kHigh);
constexpr std::size_t kLow = static_cast<std::size_t>(spec::QueuePriority::kLow);

}  // namespace

void Arbiter::reset(bool weighted) {
    std::fill(queues_.begin(), queues_.end(), Queue{});
    last_ = {};
    credit_ = {};
    free_at_ = 0;
    admin_from_ = util::kNever;
    weighted_ = weighted;
}

void Arbiter::add(std::uint16_t sqid, std::uint16_t cqid, spec::QueuePriority priority) {
    queues_[sqid] = {};
    queues_[sqid].cqid = cqid;
    queues_[sqid].priority = static_cast<std::uint8_t>(static_cast<unsigned>(priority) % kClasses);
}

std::uint16_t Arbiter::turn(std::size_t priority) const {
    const std::size_t n = queues_.size();
    for (std::size_t step = 1; step <= n; ++step) {
        const std::size_t sqid = (last_[priority] + step) % n;
        const Queue& queue = queues_[sqid];
        if (queue.candidate && queue.priority == priority) return static_cast<std::uint16_t>(sqid);
    }
    return 0;
}

Arbiter::Grant Arbiter::next(util::TimePs now, const ArbitrationSettings& settings) {
    if (now < free_at_ || now >= admin_from_) return {};
    if (const std::uint16_t urgent = turn(kUrgent); urgent != 0)
        return grant(urgent, settings.burst);

    std::array<std::uint16_t, kClasses> turns{};
    for (std::size_t level = kHigh; level <= kLow; ++level) turns[level] = turn(level);
    // In a round each level has the credit that its weight says; when no level that has a candidate
    // has credit left, the next round begins.
    for (int round = 0; round < 2; ++round) {
        for (std::size_t level = kHigh; level <= kLow; ++level)
            if (turns[level] != 0 && credit_[level] != 0)
                return grant(turns[level], std::min(settings.burst, credit_[level]));
        credit_ = {0, settings.high, settings.medium, settings.low};
    }
    return {};
}

void Arbiter::used(const Grant& grant, std::uint32_t count, util::TimePs until) {
    const std::size_t priority = queues_[grant.sqid].priority;
    last_[priority] = grant.sqid;
    credit_[priority] -= std::min(credit_[priority], count);
    free_at_ = until;
}

}  // namespace nvme
