// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <chrono>

#include "models/util/sc_time_ps.h"

namespace platform {

/// Relates simulated time to the clock on the wall, where one follows the other.
class WallClock {
public:
    using Clock = std::chrono::steady_clock;
    virtual ~WallClock() = default;

    /// The simulated time `at` is now, and follows from here on.
    void start(util::TimePs at) {
        began_ = look();
        from_ = at;
        runs_ = true;
    }
    /// Simulated time goes its own way until the next start(), or until it goes on as before.
    void stop() { runs_ = false; }
    void go_on() { runs_ = true; }
    [[nodiscard]] bool runs() const { return runs_; }

    /// The simulated time of this moment.
    [[nodiscard]] util::TimePs now() const {
        const auto ns = std::chrono::nanoseconds(look() - began_);
        return from_ + static_cast<util::TimePs>(ns.count()) * util::kPsPerNs;
    }
    /// How long it is until a simulated time; 0: it has come.
    [[nodiscard]] Clock::duration until(util::TimePs at) const {
        return left(began_ + std::chrono::nanoseconds((at - std::min(at, from_)) / util::kPsPerNs));
    }
    /// How long it is until a moment of look(); 0: it has come.
    [[nodiscard]] Clock::duration left(Clock::time_point moment) const {
        return std::max(moment - look(), Clock::duration::zero());
    }

    [[nodiscard]] virtual Clock::time_point look() const { return Clock::now(); }
    /// For how long a thread may sleep that has to be awake when `time` has passed on this clock.
    [[nodiscard]] virtual Clock::duration sleep_for(Clock::duration time) const { return time; }

private:
    Clock::time_point began_{};
    util::TimePs from_ = 0;
    bool runs_ = false;
};

}  // namespace platform
