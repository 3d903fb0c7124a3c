// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <vector>

#include "models/nvme/module/controller_runtime.h"
#include "models/util/sc_time_ps.h"
#include "platform/vfio_user/options.h"
#include "platform/vfio_user/wall_clock.h"

namespace platform {

/// Calls sc_start(): how far simulated time goes, and when. In between, what is outside of the
/// simulation has its turn.
class TimeKeeper {
public:
    using Clock = WallClock::Clock;

    /// `wall` must outlive it.
    TimeKeeper(ServePace pace, WallClock& wall) : pace_(pace), wall_(wall) {}
    /// Before start(). It must outlive this.
    void add(nvme::ControllerRuntime& controller) { controllers_.push_back({&controller}); }
    /// What simulated time follows, all the time or when idle; null: nothing.
    [[nodiscard]] const WallClock* wall() const {
        return pace_ == ServePace::kAsap ? nullptr : &wall_;
    }

    void start() { wall_.start(time_.now()); }
    /// What is to happen next lies beyond the end of simulated time.
    [[nodiscard]] bool is_up() const;
    /// A part of what is to happen by now.
    void advance();
    /// Somebody comes from outside. Where nothing else is due before, simulated time becomes that
    /// on the wall here, which costs less than to have each process wait for it.
    void catch_up();
    /// How long nothing is to happen from now on, if nothing comes from outside. 0: advance() has
    /// something to do; max(): for ever.
    [[nodiscard]] Clock::duration idle_time() const;

private:
    struct Controller {
        nvme::ControllerRuntime* runtime;
        // Its Keep Alive Timer, which the host restarts by the clock that it has.
        util::TimePs expires = util::kNever;
        Clock::time_point not_before = {};
    };

    void advance_slice();
    void advance_eagerly();
    bool advance_to_wall_clock();
    static void finish_now();
    [[nodiscard]] bool runs_ahead() const;
    [[nodiscard]] bool working() const;
    void begin_idle_time();
    void keep_alive();

    const ServePace pace_;
    WallClock& wall_;
    const util::ScTimePs time_;
    std::vector<Controller> controllers_;
};

}  // namespace platform
