// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "platform/vfio_user/client_fd.h"

namespace platform::uml {

/// A socket to a guest, which owes whole messages: what it has begun to send or to take, it has to
/// end within the patience, by the clock on the wall.
class GuestSocket {
public:
    GuestSocket() = default;
    GuestSocket(vfio_user::ClientFd fd, std::chrono::milliseconds patience)
        : fd_(std::move(fd)), patience_(patience) {}

    [[nodiscard]] int fd() const { return fd_.get(); }
    explicit operator bool() const { return static_cast<bool>(fd_); }

    /// Exactly so many bytes. Descriptors that come with them are added to `fds`; null: closed.
    /// Empty, or what is wrong; then closed() tells whether the guest has ended the connection.
    [[nodiscard]] std::string read(void* data, std::size_t bytes,
                                   std::vector<vfio_user::ClientFd>* fds = nullptr);
    [[nodiscard]] std::string write(const void* data, std::size_t bytes);
    [[nodiscard]] bool closed() const { return closed_; }

private:
    [[nodiscard]] std::string await(short events);

    vfio_user::ClientFd fd_;
    std::chrono::milliseconds patience_{};
    bool closed_ = false;
};

}  // namespace platform::uml
