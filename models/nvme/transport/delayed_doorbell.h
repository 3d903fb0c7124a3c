// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "models/util/time.h"

namespace nvme {

/// Steps from one index of a ring of `size` entries forward to another.
constexpr std::uint32_t ring_distance(std::uint32_t from, std::uint32_t to, std::uint32_t size) {
    return to >= from ? to - from : to + size - from;
}

/// A doorbell value on its way: written by the host at one time, seen by the controller at a later
/// one (the latency from doorbell to fetch, and what a fault plan adds). Several writes may be on
/// their way. Fixed memory: with kDepth writes pending the newest replaces the one before it, which
/// only delays entries that the host announced together anyway.
class DelayedDoorbell {
public:
    explicit DelayedDoorbell(std::uint16_t value = 0) : newest_(value), visible_(value) {}

    void write(std::uint16_t value, util::TimePs at) {
        newest_ = value;
        // Never before a write that came earlier: doorbells of a queue do not overtake one another.
        if (count_ != 0) at = std::max(at, slot(count_ - 1).at);
        if (count_ == kDepth) --count_;
        slot(count_++) = {at, value};
    }
    /// Makes visible what is due. Returns true when the visible value changed.
    bool update(util::TimePs now) {
        const std::uint16_t before = visible_;
        while (count_ != 0 && slot(0).at <= now) {
            visible_ = slot(0).value;
            first_ = (first_ + 1) % kDepth;
            --count_;
        }
        return visible_ != before;
    }
    [[nodiscard]] std::uint16_t newest() const { return newest_; }
    [[nodiscard]] std::uint16_t visible() const { return visible_; }
    [[nodiscard]] util::TimePs next_due() const {
        return count_ == 0 ? util::kNever : pending_[first_].at;
    }

private:
    static constexpr std::size_t kDepth = 16;
    struct Pending {
        util::TimePs at = 0;
        std::uint16_t value = 0;
    };
    Pending& slot(std::size_t i) { return pending_[(first_ + i) % kDepth]; }

    std::array<Pending, kDepth> pending_{};
    std::size_t first_ = 0, count_ = 0;
    std::uint16_t newest_, visible_;
};

}  // namespace nvme
