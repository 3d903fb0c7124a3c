// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/util/time.h"

namespace media {

/// Room for the units that wait for their program. A unit takes its room when it comes, and gives
/// it back when the program that it is part of ends.
class WriteBuffer {
public:
    explicit WriteBuffer(std::uint64_t units) : units_(units), free_(units) {}

    /// Takes room for one unit that comes at `start`. Returns when there is some.
    util::TimePs take(util::TimePs start) {
        if (free_ != 0) {
            --free_;
            return start;
        }
        const util::TimePs end = programs_.front().end;
        if (--programs_.front().units == 0) {
            std::pop_heap(programs_.begin(), programs_.end(), std::greater<>());
            programs_.pop_back();
        }
        return std::max(start, end);
    }
    /// So many of those that have taken room are programmed until `end`.
    void leave(util::TimePs end, std::uint32_t units) {
        programs_.push_back({end, units});
        std::push_heap(programs_.begin(), programs_.end(), std::greater<>());
    }
    void clear() {
        programs_.clear();
        free_ = units_;
    }

private:
    struct Program {
        util::TimePs end;
        std::uint32_t units;  // whose room nobody has taken yet
        bool operator>(const Program& other) const { return end > other.end; }
    };

    const std::uint64_t units_;
    std::uint64_t free_;             // that nobody has taken yet
    std::vector<Program> programs_;  // a heap, the earliest end on top
};

}  // namespace media
