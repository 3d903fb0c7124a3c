// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "platform/vfio_user/wall_clock.h"

namespace platform::vfio_user::test {

/// Stands still until the test lets time pass.
class TestClock final : public WallClock {
public:
    void pass(std::chrono::nanoseconds time) { passed_ += time.count(); }

    [[nodiscard]] Clock::time_point look() const override {
        return Clock::time_point(std::chrono::nanoseconds(passed_.load()));
    }
    /// Nobody wakes a thread when this clock moves.
    [[nodiscard]] Clock::duration sleep_for(Clock::duration time) const override {
        return std::min<Clock::duration>(time, std::chrono::milliseconds(1));
    }

private:
    std::atomic<std::int64_t> passed_{3'600'000'000'000};
};

}  // namespace platform::vfio_user::test
