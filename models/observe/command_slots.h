// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "models/observe/memory_lint.h"
#include "models/observe/namespace_news.h"

namespace observe {

/// A command that DriverLint follows.
struct CommandSlot {
    static constexpr std::uint32_t kFree = ~std::uint32_t{0};

    std::uint32_t cid = kFree;
    std::uint32_t nsid = 0, cdw10 = 0;
    MemoryLint::Chain buffers = MemoryLint::kNoBuffers;
    NamespaceNews::Moment fetched = 0;
    NamespaceNews::Moment submitted_after = 0;  ///< when its queue was empty for the last time
    std::uint8_t opcode = 0;
    bool durable = false;      ///< Force Unit Access
    bool outstanding = false;  ///< false: only its buffers were seen
    bool unwritten = false;    ///< its entry was all zeros
};

/// Commands by queue and identifier, each in the place that its identifier names: drivers number
/// them by the entries of a queue or twice as many, some with a generation in the upper bits. What
/// another one is in the place of goes to a map, so that any identifiers will do. A queue has
/// kMostPlaces at most, and none before its first command.
class CommandSlots {
public:
    static constexpr std::size_t kMostPlaces = 1024;

    /// How many places a queue is to have when its next command comes.
    void set_entries(std::uint16_t sqid, std::uint32_t entries);
    /// Null: there is none. Pointers and references hold until the next take().
    [[nodiscard]] CommandSlot* find(std::uint16_t sqid, std::uint16_t cid) {
        if (sqid >= queues_.size() || queues_[sqid].places.empty()) return nullptr;
        Queue& queue = queues_[sqid];
        CommandSlot& place = queue.places[cid & queue.mask];
        if (place.cid == cid) return &place;
        return queue.others.empty() ? nullptr : queue.find_other(cid);
    }
    /// The slot of a command, new or as it is.
    [[nodiscard]] CommandSlot& take(std::uint16_t sqid, std::uint16_t cid);
    void release(std::uint16_t sqid, CommandSlot& slot);
    /// Calls visit(slot) for each command of a queue, and forgets them.
    template <typename Visit>
    void forget(std::uint16_t sqid, Visit visit) {
        if (sqid >= queues_.size()) return;
        Queue& queue = queues_[sqid];
        for (CommandSlot& slot : queue.places)
            if (slot.cid != CommandSlot::kFree) visit(slot);
        for (auto& [cid, slot] : queue.others) visit(slot);
        queue = Queue{};
    }
    void clear() { queues_.clear(); }

    /// Places that exist, and commands that found theirs taken.
    [[nodiscard]] std::size_t places() const;
    [[nodiscard]] std::size_t misplaced() const;

private:
    struct Queue {
        std::uint32_t entries = 64;
        std::vector<CommandSlot> places;  // a power of two; empty before the first command
        std::size_t mask = 0;             // places less one
        std::map<std::uint16_t, CommandSlot> others;

        [[nodiscard]] CommandSlot* find_other(std::uint16_t cid);
    };
    Queue& of(std::uint16_t sqid);

    std::vector<Queue> queues_;  // index SQID
};

}  // namespace observe
