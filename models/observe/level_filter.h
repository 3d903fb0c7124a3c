// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tuple>
#include <vector>

#include "models/observe/trace.h"

namespace observe {

/// Finds the QueueLevels that repeat what was said last of their queue: most steps of a queue's
/// process change none of them. It has to see every event.
class LevelFilter {
    static auto content(const QueueLevels& e) {
        return std::tie(e.sq_head, e.sq_tail, e.cq_head, e.cq_tail, e.in_flight, e.waiting);
    }

public:
    template <typename E>
    [[nodiscard]] bool repeats(const E&) {
        return false;
    }
    [[nodiscard]] bool repeats(const QueueLevels& e) {
        if (e.sqid >= last_.size()) last_.resize(e.sqid + 1u);
        const bool same = content(last_[e.sqid]) == content(e);
        last_[e.sqid] = e;
        return same;
    }
    [[nodiscard]] bool repeats(const QueueChange& e) {
        if (!e.completion && e.qid < last_.size()) last_[e.qid] = {};
        return false;
    }
    [[nodiscard]] bool repeats(const StateChange& e) {
        using nvme::spec::Csts;
        if (!Csts::from(e.csts).get<Csts::Rdy>()) last_.clear();  // the queues are gone
        return false;
    }

private:
    std::vector<QueueLevels> last_;  // index SQID
};

}  // namespace observe
