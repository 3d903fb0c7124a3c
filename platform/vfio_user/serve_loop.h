// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <poll.h>

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

#include "platform/vfio_user/options.h"
#include "platform/vfio_user/serve_visitor.h"
#include "platform/vfio_user/server.h"
#include "platform/vfio_user/stop_signal.h"
#include "platform/vfio_user/time_keeper.h"

namespace platform {

/// Simulates, at a pace, and looks after the clients of all bridges meanwhile. In place of
/// sc_start().
///
/// There is one thread. It looks at the sockets between slices of simulated time, and sleeps at
/// them when there is nothing to simulate; what has arrived happens in the bridges' processes. So a
/// register access costs no hand-over between threads, and nothing touches the simulation from
/// outside.
class ServeLoop {
public:
    explicit ServeLoop(ServePace pace) : ServeLoop(pace, own_wall_) {}
    /// `wall` must outlive it.
    ServeLoop(ServePace pace, WallClock& wall) : time_(pace, wall) {}

    /// Before run(). The server must outlive it.
    void add(VfioUserServer& server);
    /// The same.
    void add(ServeVisitor& visitor) { visitors_.push_back(&visitor); }
    /// What the time of whoever comes from outside is; null: simulated time is what it is.
    [[nodiscard]] const WallClock* wall() const { return time_.wall(); }
    /// `tell` is called when something was simulated, or a visitor looked, since the last time, ten
    /// times a second at most: for those who watch from outside.
    void keep_informed(std::function<void()> tell) { tell_ = std::move(tell); }
    /// Until stop() was given and every client has left, or simulated time cannot go on. Once.
    void run();
    /// What is to happen next lies beyond the end of simulated time.
    [[nodiscard]] bool time_is_up() const { return time_is_up_; }
    /// Ends run(); it may be given from any thread, and from a signal handler.
    [[nodiscard]] vfio_user::StopSignal& stop() { return stop_; }

private:
    using Clock = WallClock::Clock;

    void sleep();
    void sleep_until(Clock::time_point limit);
    void wait_until(Clock::time_point limit);
    void wake_bridges();
    void visit(Clock::time_point now);
    void inform();
    [[nodiscard]] bool find_work();
    [[nodiscard]] bool polling() const;
    [[nodiscard]] bool finished() const;

    WallClock own_wall_;
    TimeKeeper time_;
    vfio_user::StopSignal stop_;
    std::vector<VfioUserBridge*> bridges_;
    std::vector<ServeVisitor*> visitors_;
    Clock::time_point next_visit_{};
    bool visited_ = false;  // and the simulation has something to do
    std::vector<pollfd> sources_;
    std::function<void()> tell_;
    Clock::time_point told_{};
    bool untold_ = false;  // something was simulated, or a visitor looked
    bool time_is_up_ = false;
    Clock::time_point heard_{};  // a client, the last time
};

}  // namespace platform
