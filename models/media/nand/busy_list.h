// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "models/util/time.h"

namespace media {

/// Times at which something is busy, in order and apart from each other. What is over is forgotten.
/// Keeps its memory: nothing is allocated once it was as long as it gets.
template <typename Busy>  // has begin and end
class BusyList {
public:
    [[nodiscard]] bool empty() const { return first_ == busy_.size(); }
    [[nodiscard]] std::size_t size() const { return busy_.size() - first_; }
    [[nodiscard]] Busy& operator[](std::size_t i) { return busy_[first_ + i]; }
    [[nodiscard]] Busy& back() { return busy_.back(); }

    void push_back(const Busy& busy) { busy_.push_back(busy); }
    void insert(std::size_t i, const Busy& busy) {
        busy_.insert(busy_.begin() + static_cast<std::ptrdiff_t>(first_ + i), busy);
    }
    void erase(std::size_t i) {
        busy_.erase(busy_.begin() + static_cast<std::ptrdiff_t>(first_ + i));
    }
    void clear() {
        busy_.clear();
        first_ = 0;
    }

    /// Forgets what is over at `now`. Returns the end of the last of it; 0: there was none.
    util::TimePs forget(util::TimePs now) {
        util::TimePs last = 0;
        while (!empty() && busy_[first_].end <= now) last = busy_[first_++].end;
        if (empty()) {
            clear();
        } else if (first_ >= kSlack && first_ >= size()) {
            busy_.erase(busy_.begin(), busy_.begin() + static_cast<std::ptrdiff_t>(first_));
            first_ = 0;
        }
        return last;
    }

private:
    static constexpr std::size_t kSlack = 64;

    std::vector<Busy> busy_;
    std::size_t first_ = 0;  // those before it are over
};

}  // namespace media
