// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

#include "models/util/divide.h"
#include "models/util/time.h"

namespace pcie {

/// So many things that a packet takes along and that come back after a round trip: tags, flow
/// control credits, room for data. As many as there are may be taken at once; without end, one is
/// free each round trip / count.
class Allowance {
public:
    /// `count` = 0: there is no end of them.
    Allowance(std::uint64_t count, util::TimePs round_trip)
        : limited_(count != 0),
          round_trip_(round_trip),
          each_(limited_ ? util::divide_up(round_trip, count) : 0) {}

    /// When the last of `n` is there for a transfer of `now`, after all that was taken before.
    [[nodiscard]] util::TimePs take(util::TimePs now, std::uint64_t n) {
        return limited_ ? after(taken_until_, now, n) : now;
    }
    /// The same for one packet between those of long transfers: after others of its kind only, and
    /// the long ones have as much less.
    [[nodiscard]] util::TimePs take_between(util::TimePs now, std::uint64_t n) {
        if (!limited_) return now;
        (void)after(taken_until_, now, n);
        return after(packets_until_, now, n);
    }
    void reset() { taken_until_ = packets_until_ = 0; }

private:
    /// `until` is when all would be back if they came back one after the other.
    [[nodiscard]] util::TimePs after(util::TimePs& until, util::TimePs now, std::uint64_t n) const {
        until = util::later(std::max(until, now), util::times(n, each_));
        return until > round_trip_ ? std::max(now, until - round_trip_) : now;
    }

    const bool limited_;
    const util::TimePs round_trip_, each_;
    util::TimePs taken_until_ = 0, packets_until_ = 0;
};

}  // namespace pcie
