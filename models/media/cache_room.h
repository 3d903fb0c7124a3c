// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "models/util/time.h"

namespace media {

/// Where the lines of a write cache are when it is full: most hold data that nobody has asked to be
/// moved, some wait for the media to take them. Such a line is free when the media begins with it,
/// which has registers of its own; until then whoever needs a line has to wait. With more lines on
/// their way than there are media units, the units are kept busy.
class CacheRoom {
public:
    explicit CacheRoom(std::size_t lines)
        : leaving_most_(std::min<std::size_t>(lines / 4 + 1, kMostLeaving)),
          kept_(lines > leaving_most_ ? lines - leaving_most_ : lines) {
        leaving_.reserve(leaving_most_ + 1);
    }

    /// Lines whose data stays until it has to go.
    [[nodiscard]] std::size_t lines_kept() const { return kept_; }

    /// A line is to leave, and the media takes it at `taken`. Returns the time from which there is
    /// a free line instead.
    util::TimePs leave(util::TimePs taken) {
        leaving_.push_back(taken);
        std::push_heap(leaving_.begin(), leaving_.end(), std::greater<>());
        if (leaving_.size() <= leaving_most_) return 0;
        std::pop_heap(leaving_.begin(), leaving_.end(), std::greater<>());
        const util::TimePs free = leaving_.back();
        leaving_.pop_back();
        return free;
    }
    void clear() { leaving_.clear(); }

private:
    static constexpr std::size_t kMostLeaving = 1024;

    std::size_t leaving_most_, kept_;
    std::vector<util::TimePs> leaving_;  // when they are taken; a heap, the earliest on top
};

}  // namespace media
