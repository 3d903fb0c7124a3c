// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>

#include "models/util/sc_time_ps.h"

namespace platform {

/// Relates simulated time to the clock on the wall, where one follows the other.
class WallClock {
public:
    using Clock = std::chrono::steady_clock;

    /// Simulated time 0 is now.
    void start() { began_ = Clock::now(); }
    /// The simulated time of this moment.
    [[nodiscard]] sc_core::sc_time now() const {
        const auto ns = std::chrono::nanoseconds(Clock::now() - began_);
        return {static_cast<double>(ns.count()), sc_core::SC_NS};
    }
    /// The moment of a simulated time.
    [[nodiscard]] Clock::time_point moment_of(util::TimePs at) const {
        return began_ + std::chrono::nanoseconds(at / util::kPsPerNs);
    }

private:
    Clock::time_point began_{};
};

}  // namespace platform
