// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "platform/vfio_user/message.h"

namespace platform::vfio_user {

/// One client. One thread receives, another one may send.
class Connection final : public Channel {
public:
    /// `stop_fd` ends a receive() when it becomes readable.
    Connection(UniqueFd fd, int stop_fd) : fd_(std::move(fd)), stop_fd_(stop_fd) {}

    /// Waits for the next message. False: the client is gone, or has sent what is no message, or
    /// the server is to stop.
    [[nodiscard]] bool receive(Message& message);

    /// Never waits long: a client that does not take its messages is given up.
    bool send(const std::uint8_t* message, std::size_t bytes, int fd) override;

    /// Ends the connection in both directions; receive() returns false soon.
    void hang_up();

private:
    [[nodiscard]] bool fill(void* data, std::size_t bytes, std::vector<UniqueFd>& fds);
    [[nodiscard]] long receive_some(void* data, std::size_t bytes, std::vector<UniqueFd>& fds);
    [[nodiscard]] bool wait_readable();

    UniqueFd fd_;
    const int stop_fd_;
};

}  // namespace platform::vfio_user
