// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/state/features.h"
#include "models/util/time.h"

namespace nvme {

/// Says which I/O submission queue may fetch next while CC.AMS selects weighted round robin with
/// urgent priority class. There is one for all queues of a controller; what is arbitrated is who
/// may give commands to the firmware's cores, one burst at a time: the next burst is granted when a
/// core begins with the last command of the one before. Admin commands take no core, but I/O
/// commands wait until the admin queue's entries have been fetched. [NVMe-Base-2.0 3.4.4.2 Weighted
/// Round Robin with Urgent Priority Class Arbitration]
///
/// A queue is a candidate while it has an entry to fetch and a slot to fetch it into, and its
/// process is free to do so. Each process says so of its own queues when it goes to sleep, takes it
/// back when it wakes up, and whoever finds that another one's queue is next wakes that process.
class Arbiter {
public:
    /// `queues`: I/O submission queues that the controller can have.
    explicit Arbiter(std::uint32_t queues) : queues_(queues + 1) {}

    /// CC.AMS, taken over when the controller is enabled: with false, the queues of a completion
    /// queue take turns and nothing here is used. Forgets everything.
    void reset(bool weighted);
    [[nodiscard]] bool weighted() const { return weighted_; }

    void add(std::uint16_t sqid, std::uint16_t cqid, spec::QueuePriority priority);
    void remove(std::uint16_t sqid) { queues_[sqid] = {}; }
    void set_candidate(std::uint16_t sqid, bool candidate) { queues_[sqid].candidate = candidate; }
    /// From `at` on, the queue has something that its process has not looked at yet.
    void rung(std::uint16_t sqid, util::TimePs at) {
        Queue& queue = queues_[sqid];
        queue.unseen_from = at < queue.unseen_from ? at : queue.unseen_from;
    }
    /// Its process has looked at it.
    void seen(std::uint16_t sqid, util::TimePs now) {
        if (queues_[sqid].unseen_from <= now) queues_[sqid].unseen_from = util::kNever;
    }
    /// Calls visitor(cqid) for the completion queue of each queue that should be looked at now.
    template <typename Visitor>
    void for_each_unseen(util::TimePs now, Visitor&& visitor) const {
        for (const Queue& queue : queues_)
            if (queue.unseen_from <= now) visitor(queue.cqid);
    }
    /// From `at` on, the admin queue has entries to fetch; kNever: it has none.
    void set_admin(util::TimePs at) { admin_from_ = at; }
    void admin_rung(util::TimePs at) { admin_from_ = at < admin_from_ ? at : admin_from_; }

    struct Grant {
        std::uint16_t sqid = 0;  ///< 0: nobody may fetch now
        std::uint16_t cqid = 0;
        std::uint32_t burst = 0;  ///< commands that may be fetched
    };
    /// Who may fetch at `now`.
    Grant next(util::TimePs now, const ArbitrationSettings& settings);
    /// The grant was used for `count` commands; the next comes not before `until`.
    void used(const Grant& grant, std::uint32_t count, util::TimePs until);
    /// The earliest time of the next grant.
    [[nodiscard]] util::TimePs free_at() const { return free_at_; }

    /// Calls visitor(cqid) for the completion queue of each candidate.
    template <typename Visitor>
    void for_each_candidate(Visitor&& visitor) const {
        for (const Queue& queue : queues_)
            if (queue.candidate) visitor(queue.cqid);
    }

private:
    static constexpr std::size_t kClasses = 4;  // urgent, high, medium, low: as QPRIO counts
    struct Queue {
        std::uint16_t cqid = 0;
        std::uint8_t priority = 0;
        bool candidate = false;
        util::TimePs unseen_from = util::kNever;
    };
    /// The next candidate of a class after the one that was served last; 0: there is none.
    [[nodiscard]] std::uint16_t turn(std::size_t priority) const;
    [[nodiscard]] Grant grant(std::uint16_t sqid, std::uint32_t burst) const {
        return {sqid, queues_[sqid].cqid, burst};
    }

    std::vector<Queue> queues_;                     // by SQID
    std::array<std::uint16_t, kClasses> last_{};    // SQID that was served last
    std::array<std::uint32_t, kClasses> credit_{};  // commands left in this round
    util::TimePs free_at_ = 0, admin_from_ = util::kNever;
    bool weighted_ = false;
};

}  // namespace nvme
