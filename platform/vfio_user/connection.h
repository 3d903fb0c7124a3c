// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "platform/vfio_user/message.h"

namespace platform::vfio_user {

/// One client. Receiving never waits.
class Connection final : public Channel {
public:
    explicit Connection(UniqueFd fd) : fd_(std::move(fd)) {}

    [[nodiscard]] int fd() const { return fd_.get(); }

    /// Takes what has arrived, with one system call, and none while there is a message. False: the
    /// client is gone, or sends what is no message.
    [[nodiscard]] bool receive();
    /// The next complete message; false: there is none yet.
    [[nodiscard]] bool pop(Message& message);
    [[nodiscard]] bool has_message() const;

    /// Never waits long: a client that does not take its messages is given up.
    bool send(const std::uint8_t* message, std::size_t bytes, int fd) override;

    /// Ends the connection in both directions; receive() returns false soon.
    void hang_up();

private:
    [[nodiscard]] std::size_t buffered() const { return end_ - begin_; }
    [[nodiscard]] Header header() const;
    [[nodiscard]] bool sound() const;
    [[nodiscard]] std::size_t wanted() const;
    void make_room(std::size_t bytes);

    UniqueFd fd_;
    std::vector<std::uint8_t> buffer_;  // received are the bytes from begin_ to end_
    std::size_t begin_ = 0, end_ = 0;
    std::vector<UniqueFd> fds_;  // of the last message in the buffer
};

}  // namespace platform::vfio_user
