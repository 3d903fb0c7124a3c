// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/util/time.h"

namespace analysis {

/// Which doorbell told of which entry of a submission queue.
class SubmissionClock {
public:
    /// A queue begins anew, with so many entries; 0: not known.
    void restart(std::uint32_t size);
    void rung(std::uint16_t tail, util::TimePs at);
    /// The next entry is fetched. Returns when the host has told of it; nothing: not in the trace,
    /// as with doorbells that are in host memory.
    [[nodiscard]] std::optional<util::TimePs> fetched();

private:
    struct Ring {
        std::uint64_t up_to;  // entries, counted from the first
        util::TimePs at;
    };
    std::uint32_t size_ = 0;
    std::uint16_t tail_ = 0;
    std::uint64_t told_ = 0, fetched_ = 0;
    std::deque<Ring> rings_;
};

/// Which interrupt and which doorbell answered which entry of a completion queue.
class CompletionClock {
public:
    static constexpr std::size_t kNoCommand = ~std::size_t{0};
    struct Entry {
        std::size_t command;  ///< kNoCommand: nobody wants to know any more
        util::TimePs posted;
        std::optional<util::TimePs> interrupt;
    };

    /// A queue begins anew.
    void restart(std::uint32_t size);
    void posted(std::size_t command, util::TimePs at);
    /// Nobody wants to know of the entries that are there.
    void forget_commands() {
        for (Entry& entry : waiting_) entry.command = kNoCommand;
    }
    /// Calls told(entry) for each entry that no interrupt has told of before.
    template <typename Told>
    void interrupted(util::TimePs at, Told told) {
        for (; told_ < waiting_.size(); ++told_) {
            waiting_[told_].interrupt = at;
            told(waiting_[told_]);
        }
    }
    /// The host has taken the entries up to `head`: calls taken(entry) for each.
    template <typename Taken>
    void rung(std::uint16_t head, Taken taken) {
        for (std::uint32_t n = advance(head); n != 0 && !waiting_.empty(); --n) {
            taken(waiting_.front());
            drop_first();
        }
    }

private:
    std::uint32_t advance(std::uint16_t head);
    void drop_first();

    std::uint32_t size_ = 0;
    std::uint16_t head_ = 0;
    std::deque<Entry> waiting_;
    std::size_t told_ = 0;  // of them, from the front
};

}  // namespace analysis
