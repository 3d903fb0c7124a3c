// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/faults/rule.h"
#include "models/util/time.h"

namespace faults {

/// Decides which of the things that match a rule are acted on, and counts.
class Trigger {
public:
    /// `stream` keeps rules apart that have the same seed.
    Trigger(const Rule& rule, std::uint64_t stream);

    /// Something matched at `now`. True: act on it. What happens outside of the rule's time does
    /// not count.
    bool fires(const Rule& rule, util::TimePs now);

    [[nodiscard]] std::uint64_t matched() const { return matched_; }
    [[nodiscard]] std::uint64_t fired() const { return fired_; }

private:
    std::uint64_t random_;
    std::uint64_t matched_ = 0, fired_ = 0;
};

}  // namespace faults
