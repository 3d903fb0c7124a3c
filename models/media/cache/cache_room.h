// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

#include "models/util/time.h"

namespace media {

/// Lines that a full write cache has given up and the media has not begun to take: they wait in
/// buffers of their own, a quarter as many as the cache has lines. When these are in use, whoever
/// needs a line has to wait until the media begins with one of them. With more of them than there
/// are media units, the units are kept busy.
class CacheRoom {
public:
    explicit CacheRoom(std::size_t lines)
        : leaving_most_(std::min<std::size_t>(lines / 4 + 1, kMostLeaving)) {}

    /// A line is to leave, and the media takes it at `taken`. Returns the time from which there is
    /// a free line instead.
    util::TimePs leave(util::TimePs taken) {
        leaving_.reserve(leaving_most_ + 1);
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

    std::size_t leaving_most_;
    std::vector<util::TimePs> leaving_;  // when they are taken; a heap, the earliest on top
};

}  // namespace media
