// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/observe/lint_rules.h"
#include "models/observe/trace.h"

namespace observe {

/// Whether a host empties its completion queues in time. It looks when something happens, and when
/// it is asked to: due() says from when on that is worth it.
class CompletionWatch {
public:
    struct Problem {
        LintRule rule;
        std::uint64_t value;
        std::uint16_t cqid;
        std::string_view why{};
    };

    [[nodiscard]] util::TimePs due() const { return due_; }
    /// Calls find(problem) for each that has lasted too long by now, once.
    template <typename Find>
    void look(util::TimePs now, Find find) {
        due_ = util::kNever;
        for (std::size_t cqid = 0; cqid < queues_.size(); ++cqid)
            if (queues_[cqid].exists) look_at(now, static_cast<std::uint16_t>(cqid), find);
    }

    /// Queue 0 is the admin queue. Without interrupts `vector` is kNoId.
    void created(std::uint16_t cqid, std::uint32_t size, std::uint32_t vector);
    void deleted(std::uint16_t cqid);
    void forget_all();
    [[nodiscard]] bool exists(std::uint16_t cqid) const {
        return cqid < queues_.size() && queues_[cqid].exists;
    }

    /// An entry was posted.
    void posted(util::TimePs ps, std::uint16_t cqid);
    /// The host has taken entries, up to `head`.
    void taken(std::uint16_t cqid, std::uint32_t head);
    /// The host goes on submitting.
    void submitted(util::TimePs ps, std::uint16_t sqid);
    /// So many completions wait for room.
    void waiting(util::TimePs ps, std::uint16_t cqid, std::uint32_t completions);
    void held(const InterruptHeld& e);
    void sent(std::uint16_t vector);
    /// Heads are in shadow memory: the controller reads them only when it needs room.
    void heads_are_shadowed() { shadowed_ = true; }

private:
    static constexpr util::TimePs kTooLong = 100'000 * util::kPsPerUs;

    struct Queue {
        bool exists = false;
        bool head_written = false, told_of_head = false;
        std::uint32_t size = 0, vector = kNoId;
        std::uint32_t head = 0, unseen = 0;        // entries
        util::TimePs waits_since = util::kNever;   // completions, for room
        util::TimePs unseen_since = util::kNever;  // while the head was never written
        util::TimePs submitted_at = util::kNever;  // after that
        util::TimePs held_since = util::kNever;    // its interrupt, and nobody looks
        bool held = false;                         // its interrupt cannot be sent
        InterruptHold why{};
    };

    template <typename Find>
    void look_at(util::TimePs now, std::uint16_t cqid, Find& find) {
        Queue& queue = queues_[cqid];
        // The time counts from when a completion waits, and not from when the queue looks full: a
        // head in shadow memory is only read when there is need for room.
        if (lasts(now, queue.waits_since)) {
            find(Problem{LintRule::kCompletionQueueFull, queue.size, cqid});
            queue.waits_since = now;
        }
        if (lasts(now, queue.held_since)) {
            find(Problem{LintRule::kInterruptHeld, queue.vector, cqid, word_of(queue.why)});
            queue.held_since = util::kNever;
        }
        if (queue.submitted_at != util::kNever && !queue.told_of_head) {
            find(Problem{LintRule::kHeadNeverWritten, queue.unseen, cqid});
            queue.told_of_head = true;
        }
        await(queue.waits_since);
        await(queue.held_since);
    }
    [[nodiscard]] static bool lasts(util::TimePs now, util::TimePs since) {
        return since != util::kNever && now >= since && now - since >= kTooLong;
    }
    void head_is_known(Queue& queue);
    void await(util::TimePs since) {
        if (since != util::kNever) due_ = std::min(due_, since + kTooLong);
    }

    std::vector<Queue> queues_;      // index CQID
    std::size_t heads_missing_ = 0;  // queues with unseen_since
    bool any_held_ = false;
    bool shadowed_ = false;
    util::TimePs due_ = util::kNever;
};

}  // namespace observe
