// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "platform/vfio_user/connection.h"
#include "platform/vfio_user/message.h"

namespace platform::vfio_user {

/// What has happened at the socket.
struct SocketEvent {
    enum class Kind : std::uint8_t { kConnected, kMessage, kDisconnected, kStop };
    Kind kind = Kind::kStop;
    std::shared_ptr<Connection> connection;
    Message message;
};

/// From the thread of the socket to that of the simulation; in order, and never more than
/// kCapacity: a client that sends faster than it is served has to wait.
class Inbox {
public:
    using Clock = std::chrono::steady_clock;

    /// `on_arrival` is called in the pushing thread, after each push.
    explicit Inbox(std::function<void()> on_arrival) : on_arrival_(std::move(on_arrival)) {}

    void push(SocketEvent event);
    [[nodiscard]] bool pop(SocketEvent& event);
    [[nodiscard]] bool empty() const;
    /// Sleeps until there is something.
    void wait() const;
    /// The same, but not longer than to `deadline`. False: that has come.
    bool wait_until(Clock::time_point deadline) const;
    /// Nobody will pop any more: push() drops its event.
    void close();

private:
    static constexpr std::size_t kCapacity = 64;

    const std::function<void()> on_arrival_;
    mutable std::mutex mutex_;
    mutable std::condition_variable arrived_;
    std::condition_variable room_;
    std::deque<SocketEvent> events_;
    bool closed_ = false;
};

}  // namespace platform::vfio_user
