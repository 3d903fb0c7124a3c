// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

#include "models/util/divide.h"
#include "models/util/time.h"

namespace nvme {

/// Something that bytes pass at a limited rate, one transfer after the other in the order of the
/// calls. What it has taken keeps its time when the rate changes.
class DataRate {
public:
    /// `mb_s`: megabytes (10^6 bytes) a second; 0: no limit.
    explicit DataRate(std::uint32_t mb_s = 0) : mb_s_(mb_s) {}

    void set(std::uint32_t mb_s) { mb_s_ = mb_s; }
    [[nodiscard]] bool limited() const { return mb_s_ != 0; }

    /// Bytes that are there at `from`; returns when the last of them has passed. Rounded up to the
    /// picosecond.
    util::TimePs pass(util::TimePs from, std::uint64_t bytes) {
        if (!limited()) return from;
        free_at_ = util::later(std::max(from, free_at_), time_of(bytes));
        return free_at_;
    }
    /// Takes as much besides, for what nobody waits for.
    void load(std::uint64_t bytes) {
        if (limited()) free_at_ = util::later(free_at_, time_of(bytes));
    }

    void reset() { free_at_ = 0; }

private:
    [[nodiscard]] util::TimePs time_of(std::uint64_t bytes) const {
        return util::divide_up(util::times(bytes, util::kPsPerUs), std::uint64_t{mb_s_});
    }

    std::uint32_t mb_s_;
    util::TimePs free_at_ = 0;
};

}  // namespace nvme
