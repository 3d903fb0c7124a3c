// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/nvme/spec/status.h"

namespace nvme {

/// Commands of one submission queue that were to be aborted before they were fetched: each ends
/// when it is. A position counts the queue's entries from its creation on.
class WaitingAborts {
public:
    using Position = std::uint64_t;
    /// How a command ends, and for which Abort command.
    struct End {
        spec::StatusCode status = spec::StatusCode::kSuccess;
        std::optional<std::uint16_t> abort_cid;
    };

    [[nodiscard]] bool empty() const { return marks_.empty(); }
    /// The Abort command `abort_cid` has found its command at this place. False: another has
    /// before.
    [[nodiscard]] bool add(Position at, std::uint16_t abort_cid) {
        const auto same = [at](const Mark& mark) { return mark.abort_cid && mark.from == at; };
        if (std::any_of(marks_.begin(), marks_.end(), same)) return false;
        marks_.push_back({at, at + 1, std::nullopt, spec::StatusCode::kAbortRequested, abort_cid});
        return true;
    }
    /// A host was preempted: all its commands for the namespace, as far as they are announced.
    /// There is no more than one mark a namespace: what is marked again only reaches further.
    void add_preempted(Position from, Position until, std::uint32_t nsid) {
        if (from == until) return;
        const auto same = std::find_if(marks_.begin(), marks_.end(),
                                       [nsid](const Mark& mark) { return mark.nsid == nsid; });
        if (same != marks_.end())
            same->until = std::max(same->until, until);
        else
            marks_.push_back(
                {from, until, nsid, spec::StatusCode::kAbortedPreemptAndAbort, std::nullopt});
    }

    /// How the entry that was fetched from `at` ends. Entries are asked for in their order.
    std::optional<End> fetched(Position at, std::uint32_t nsid) {
        std::optional<End> end;
        for (const Mark& mark : marks_) {
            if (at < mark.from || at >= mark.until || (mark.nsid && *mark.nsid != nsid)) continue;
            if (!end) end.emplace();
            end->status = mark.status;
            if (mark.abort_cid) end->abort_cid = mark.abort_cid;
        }
        marks_.erase(std::remove_if(marks_.begin(), marks_.end(),
                                    [at](const Mark& mark) { return mark.until <= at + 1; }),
                     marks_.end());
        return end;
    }

    /// The queue is fetched from no more: calls `tell` with each Abort command that waits.
    template <typename Tell>
    void give_up(Tell tell) {
        for (const Mark& mark : marks_)
            if (mark.abort_cid) tell(*mark.abort_cid);
        marks_.clear();
    }

private:
    struct Mark {
        Position from, until;
        std::optional<std::uint32_t> nsid;
        spec::StatusCode status;
        std::optional<std::uint16_t> abort_cid;
    };

    std::vector<Mark> marks_;
};

}  // namespace nvme
