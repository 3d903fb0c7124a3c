// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "platform/vfio_user/connection.h"
#include "platform/vfio_user/listening_socket.h"

namespace platform::vfio_user {

/// Where clients come to, one after another. Answers nothing itself.
class Reception final : public Channel {
public:
    /// What has happened at the socket.
    enum class Event : std::uint8_t { kNothing, kConnected, kMessage, kDisconnected };

    /// Begins to listen. Empty, or what is wrong.
    [[nodiscard]] std::string open(const std::string& path) { return listening_.open(path); }

    /// Takes what has arrived, never waits. True: next() has something. At most one system call,
    /// none while next() has something, so that a client which sends faster than it is served has
    /// to wait.
    bool look();
    [[nodiscard]] bool has_next() const { return next_ != Event::kNothing; }
    /// What look() found, in order; fills `message` for kMessage.
    [[nodiscard]] Event next(Message& message);
    /// Becomes readable when look() may find something.
    [[nodiscard]] int fd() const { return connection_ ? connection_->fd() : listening_.fd(); }

    /// To the present client.
    bool send(const std::uint8_t* message, std::size_t bytes, int fd) override;
    /// kDisconnected follows soon.
    void hang_up();

private:
    void accept();

    ListeningSocket listening_;
    std::optional<Connection> connection_;
    Event next_ = Event::kNothing;
};

}  // namespace platform::vfio_user
