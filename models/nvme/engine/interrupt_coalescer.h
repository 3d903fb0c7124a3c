// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "models/nvme/state/features.h"
#include "models/util/time.h"

namespace nvme {

/// Holds interrupts back until enough entries have been posted for a vector, or the first of them
/// has waited long enough. For I/O completion queues only; one that several queues share is counted
/// once. [NVMe-Base-2.0 5.27.1.6 Interrupt Coalescing]
class InterruptCoalescer {
public:
    InterruptCoalescer(const Features& features, std::uint32_t vectors)
        : features_(features), vectors_(vectors) {}

    /// `count` entries were posted at `now`.
    void add(std::uint16_t vector, std::uint32_t count, util::TimePs now) {
        Vector& v = vectors_[vector];
        if (v.entries == 0) v.until = util::later(now, features_.aggregation_time());
        v.entries += count;
    }
    /// Counts the interrupts of a vector: entries that were posted in an earlier round are told of.
    [[nodiscard]] std::uint32_t round(std::uint16_t vector) const { return vectors_[vector].round; }
    /// The interrupt is due.
    [[nodiscard]] bool due(std::uint16_t vector, util::TimePs now) const {
        const Vector& v = vectors_[vector];
        return !features_.coalesces(vector) || v.entries >= features_.aggregation_threshold() ||
               now >= v.until;
    }
    [[nodiscard]] util::TimePs until(std::uint16_t vector) const { return vectors_[vector].until; }
    void signalled(std::uint16_t vector) {
        vectors_[vector].entries = 0;
        ++vectors_[vector].round;
    }
    void reset() { vectors_.assign(vectors_.size(), {}); }

private:
    struct Vector {
        std::uint32_t entries = 0;  // since the last interrupt
        std::uint32_t round = 0;
        util::TimePs until = 0;  // when the first of them has waited long enough
    };
    const Features& features_;
    std::vector<Vector> vectors_;
};

}  // namespace nvme
