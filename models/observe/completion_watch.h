// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/observe/lint_rules.h"
#include "models/observe/trace.h"

namespace observe {

/// Whether a host empties its completion queues in time. Nothing can be found before due(); look()
/// then tells what has lasted too long.
class CompletionWatch {
public:
    struct Problem {
        LintRule rule;
        std::uint64_t value;
        std::uint16_t cqid;
        std::string_view why{};
    };

    [[nodiscard]] util::TimePs due() const { return due_; }
    /// What has lasted too long by now, each once.
    [[nodiscard]] std::vector<Problem> look(util::TimePs now);

    /// Queue 0 is the admin queue. Without interrupts `vector` is kNoId.
    void created(std::uint16_t cqid, std::uint32_t size, std::uint32_t vector);
    void deleted(std::uint16_t cqid);
    /// All queues are gone. Whether the interrupts of vectors can be sent is as before.
    void forget_queues();
    /// Controller level reset: heads are doorbells again, too.
    void reset();

    /// An entry was posted. `awaited`: by somebody who would miss its interrupt.
    void posted(util::TimePs ps, std::uint16_t cqid, bool awaited);
    /// The host has taken entries, up to `head`.
    void taken(std::uint16_t cqid, std::uint32_t head);
    /// The host goes on submitting.
    void submitted(util::TimePs ps, std::uint16_t sqid);
    /// So many completions wait for room.
    void waiting(util::TimePs ps, std::uint16_t cqid, std::uint32_t completions);
    void held(const InterruptHeld& e);
    void sent(std::uint16_t vector);
    /// Heads are in shadow memory: the controller reads them only when it needs room, so nobody
    /// knows what the host has seen.
    void heads_are_shadowed();
    [[nodiscard]] bool shadowed() const { return shadowed_; }

private:
    struct Queue {
        bool exists = false;
        bool head_written = false;
        bool polled = false;  // entries were taken although their interrupt could not be sent
        std::uint32_t size = 0, vector = kNoId;
        std::uint32_t head = 0, unseen = 0;        // entries
        util::TimePs waits_since = util::kNever;   // completions, for room
        util::TimePs held_since = util::kNever;    // its interrupt, and nobody looks
        util::TimePs unseen_since = util::kNever;  // the first entry, and no head was written
        bool head_missed = false;                  // for too long
    };

    [[nodiscard]] bool exists(std::uint16_t cqid) const {
        return cqid < queues_.size() && queues_[cqid].exists;
    }
    [[nodiscard]] bool is_held(std::uint32_t vector) const {
        return vector < vectors_.size() && vectors_[vector].has_value();
    }
    void look_at(Queue& queue, std::uint16_t cqid, util::TimePs now, std::vector<Problem>& found);
    void begin_hold(Queue& queue, util::TimePs ps);
    void head_is_known(Queue& queue);
    void await(util::TimePs since);

    std::vector<Queue> queues_;                          // index CQID
    std::vector<std::optional<InterruptHold>> vectors_;  // why they cannot be sent; index vector
    std::size_t heads_missing_ = 0;                      // queues with unseen_since
    bool shadowed_ = false;
    util::TimePs due_ = util::kNever;
};

}  // namespace observe
