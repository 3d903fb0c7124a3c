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

    [[nodiscard]] bool empty() const { return marks_.empty(); }
    /// An Abort command has found its command at this place.
    void add(Position at) { add({at, at + 1, std::nullopt, spec::StatusCode::kAbortRequested}); }
    /// A host was preempted: all its commands for the namespace, as far as they are announced.
    void add_preempted(Position from, Position until, std::uint32_t nsid) {
        add({from, until, nsid, spec::StatusCode::kAbortedPreemptAndAbort});
    }

    /// How the entry that was fetched from `at` ends. Entries are asked for in their order.
    std::optional<spec::StatusCode> fetched(Position at, std::uint32_t nsid) {
        std::optional<spec::StatusCode> status;
        for (const Mark& mark : marks_)
            if (at >= mark.from && at < mark.until && (!mark.nsid || *mark.nsid == nsid))
                status = mark.status;
        marks_.erase(std::remove_if(marks_.begin(), marks_.end(),
                                    [at](const Mark& mark) { return mark.until <= at + 1; }),
                     marks_.end());
        return status;
    }

private:
    struct Mark {
        Position from, until;
        std::optional<std::uint32_t> nsid;
        spec::StatusCode status;
    };
    /// No more marks than entries and namespaces: what is marked again only reaches further.
    void add(const Mark& mark) {
        if (mark.from == mark.until) return;
        const auto same = std::find_if(marks_.begin(), marks_.end(), [&](const Mark& other) {
            return other.nsid == mark.nsid && (mark.nsid || other.from == mark.from);
        });
        if (same == marks_.end())
            marks_.push_back(mark);
        else
            same->until = std::max(same->until, mark.until);
    }

    std::vector<Mark> marks_;
};

}  // namespace nvme
