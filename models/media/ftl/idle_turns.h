// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "models/util/time.h"

namespace media {

/// Which die does something next, of those that all have time: the one that is free first, so that
/// channels need not remember what is over.
class IdleTurns {
public:
    struct Turn {
        util::TimePs at;
        std::uint32_t die;
        bool operator>(const Turn& other) const { return at > other.at; }
    };

    /// All dies are free at `from`.
    IdleTurns(std::uint32_t dies, util::TimePs from) {
        for (std::uint32_t die = 0; die != dies; ++die) turns_.push({from, die});
    }
    /// Nothing: none is free before `end`. A die that has had its turn gets no other by itself.
    std::optional<Turn> next(util::TimePs end) {
        if (turns_.empty() || turns_.top().at >= end) return std::nullopt;
        const Turn turn = turns_.top();
        turns_.pop();
        return turn;
    }
    void again(std::uint32_t die, util::TimePs at) { turns_.push({at, die}); }

private:
    std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns_;
};

}  // namespace media
