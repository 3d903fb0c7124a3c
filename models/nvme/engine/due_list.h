// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "models/nvme/commands/command.h"
#include "models/util/time.h"

namespace nvme {

/// Commands in execution by the time at which each goes on; among equal times, the earlier fetched
/// goes first. Sorted: what is next costs nothing to take, and what is new moves as few others as
/// it comes before. All of it is in the header, since every step of a command comes here.
class DueList {
public:
    /// The key beside the command: ordering touches no command.
    struct Due {
        util::TimePs at;
        std::uint64_t order;
        CommandId id;
    };

    [[nodiscard]] bool empty() const { return list_.empty(); }
    [[nodiscard]] std::size_t size() const { return list_.size(); }
    [[nodiscard]] const Due& next() const { return list_.back(); }
    void reserve(std::size_t commands) { list_.reserve(commands); }
    void clear() { list_.clear(); }

    void push(const Due& due) {
        list_.insert(std::upper_bound(list_.begin(), list_.end(), due, later), due);
    }
    Due pop() {
        const Due due = list_.back();
        list_.pop_back();
        return due;
    }
    /// Calls visit(due) for each, the next first; it may change the time.
    template <typename Visit>
    void change(Visit visit) {
        std::for_each(list_.rbegin(), list_.rend(), visit);
        std::sort(list_.begin(), list_.end(), later);
    }
    /// Takes out every command that `taken(id)` says.
    template <typename Taken>
    void take_out(Taken taken) {
        const auto gone = [&](const Due& due) { return taken(due.id); };
        list_.erase(std::remove_if(list_.begin(), list_.end(), gone), list_.end());
    }
    /// The next command of which `wanted(id)` is true leaves the list; kNoCommand: there is none.
    template <typename Wanted>
    CommandId take_first(Wanted wanted) {
        const auto it = std::find_if(list_.rbegin(), list_.rend(),
                                     [&](const Due& due) { return wanted(due.id); });
        if (it == list_.rend()) return kNoCommand;
        const CommandId id = it->id;
        list_.erase(std::next(it).base());
        return id;
    }

private:
    static bool later(const Due& a, const Due& b) {
        return a.at != b.at ? a.at > b.at : a.order > b.order;
    }

    std::vector<Due> list_;  // the next is the last
};

}  // namespace nvme
