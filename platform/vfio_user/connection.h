// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "platform/vfio_user/message.h"

namespace platform::vfio_user {

/// One client. Nothing here ever waits: what the socket does not take at once is kept, one message
/// at most, and sent when there is room.
class Connection final : public Channel {
public:
    using Clock = std::chrono::steady_clock;

    /// `patience`: with a client that does not take what is sent to it.
    explicit Connection(ClientFd fd,
                        std::chrono::milliseconds patience = std::chrono::milliseconds(2'000))
        : fd_(std::move(fd)), patience_(patience) {}
    ~Connection() { hang_up(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] int fd() const { return fd_.get(); }

    /// Takes what has arrived, with one system call, and none while there is a message. False: the
    /// client is gone, or sends what is no message.
    [[nodiscard]] bool receive();
    /// The next complete message; false: there is none yet.
    [[nodiscard]] bool pop(Message& message);
    [[nodiscard]] bool has_message() const;
    /// Whether the next message is a reply to one of ours.
    [[nodiscard]] bool has_reply() const;

    /// Not while sending(). The descriptor has to stay open until then.
    bool send(const std::uint8_t* message, std::size_t bytes, int fd) override;
    /// A message has not been sent to its end.
    [[nodiscard]] bool sending() const { return unsent_at_ != unsent_.size(); }
    /// Goes on sending. False: the client is gone.
    [[nodiscard]] bool flush();
    /// When the client will have had enough time to take some of what is sent.
    [[nodiscard]] Clock::time_point patience_end() const { return patience_end_; }

    /// Ends the connection in both directions; receive() returns false soon.
    void hang_up();

private:
    [[nodiscard]] std::size_t buffered() const { return end_ - begin_; }
    [[nodiscard]] Header header() const;
    [[nodiscard]] bool sound() const;
    [[nodiscard]] std::size_t wanted() const;
    void make_room(std::size_t bytes);
    [[nodiscard]] bool send_some(const std::uint8_t* message, std::size_t bytes, int& fd,
                                 std::size_t& sent);

    ClientFd fd_;
    const std::chrono::milliseconds patience_;
    std::vector<std::uint8_t> buffer_;  // received are the bytes from begin_ to end_
    std::size_t begin_ = 0, end_ = 0;
    std::vector<ClientFd> fds_;  // of the last message in the buffer
    std::vector<std::uint8_t> unsent_;
    std::size_t unsent_at_ = 0;
    int unsent_fd_ = -1;
    Clock::time_point patience_end_ = Clock::time_point::max();
};

}  // namespace platform::vfio_user
