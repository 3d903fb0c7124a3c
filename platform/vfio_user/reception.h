// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "platform/vfio_user/connection.h"
#include "platform/vfio_user/listening_socket.h"

namespace platform::vfio_user {

/// Where clients come to, one after another. Answers nothing itself. All in one thread, but for
/// request_stop().
class Reception final : public Channel {
public:
    using Clock = std::chrono::steady_clock;
    /// What has happened at the socket.
    enum class Event : std::uint8_t { kNothing, kConnected, kMessage, kDisconnected, kStop };

    Reception();

    /// Begins to listen. Empty, or what is wrong.
    [[nodiscard]] std::string open(const std::string& path);
    /// kStop follows soon. May be called from any thread and from a signal handler.
    void request_stop();

    /// Takes what has arrived, never waits. True: next() has something. At most one system call,
    /// none while next() has something, so that a client which sends faster than it is served has
    /// to wait.
    bool look();
    [[nodiscard]] bool has_next() const { return next_ != Event::kNothing; }
    /// What look() found, in order; fills `message` for kMessage.
    [[nodiscard]] Event next(Message& message);
    /// Sleeps until look() may find something, but not longer than to `limit`.
    void wait_until(Clock::time_point limit);

    /// To the present client.
    bool send(const std::uint8_t* message, std::size_t bytes, int fd) override;
    /// kDisconnected follows soon.
    void hang_up();

private:
    void accept();

    UniqueFd stop_;  // an eventfd
    std::atomic<bool> stopping_{false};
    ListeningSocket listening_;
    std::optional<Connection> connection_;
    Event next_ = Event::kNothing;
};

}  // namespace platform::vfio_user
