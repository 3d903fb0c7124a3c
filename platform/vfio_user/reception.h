// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "platform/vfio_user/connection.h"
#include "platform/vfio_user/listening_socket.h"

namespace platform::vfio_user {

/// Where clients come to, one after another. Answers nothing itself.
class Reception final : public Channel {
public:
    /// `patience`: with a client that does not take what is sent to it.
    explicit Reception(std::chrono::milliseconds patience) : patience_(patience) {}

    /// What has happened at the socket.
    enum class Event : std::uint8_t { kNothing, kConnected, kMessage, kDisconnected };

    /// Begins to listen. Empty, or what is wrong.
    [[nodiscard]] std::string open(const std::string& path) { return listening_.open(path); }

    /// Takes what has arrived and sends what is left, never waits. True: next() has something. At
    /// most one system call for each direction, none to receive while next() has something, so that
    /// a client which sends faster than it is served has to wait.
    bool look();
    [[nodiscard]] bool has_next() const;
    /// What look() found, in order; fills `message` for kMessage.
    [[nodiscard]] Event next(Message& message);
    /// At this and with these events of poll() look() may find something.
    [[nodiscard]] int fd() const { return connection_ ? connection_->fd() : listening_.fd(); }
    [[nodiscard]] short events() const;

    /// To the present client, not while sending(). While it does not take the whole message, it is
    /// not served: none of its requests is next, only its replies, which it may have to send first.
    bool send(const std::uint8_t* message, std::size_t bytes, int fd) override;
    [[nodiscard]] bool sending() const { return connection_ && connection_->sending(); }
    /// When a client that takes nothing should be hung up on.
    [[nodiscard]] Connection::Clock::time_point patience_end() const {
        return connection_ ? connection_->patience_end() : Connection::Clock::time_point::max();
    }
    /// kDisconnected follows soon.
    void hang_up();

private:
    void accept();

    const std::chrono::milliseconds patience_;
    ListeningSocket listening_;
    std::optional<Connection> connection_;
    Event next_ = Event::kNothing;
};

}  // namespace platform::vfio_user
