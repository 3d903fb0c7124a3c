// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <unistd.h>

#include <utility>

namespace platform::vfio_user {

/// Owns a file descriptor; `Close` ends it.
template <void (*Close)(int)>
class OwnedFd {
public:
    OwnedFd() = default;
    explicit OwnedFd(int fd) : fd_(fd) {}
    OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    OwnedFd& operator=(OwnedFd&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    ~OwnedFd() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    /// Now somebody else's.
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }
    void reset() {
        if (fd_ >= 0) Close(std::exchange(fd_, -1));
    }

private:
    int fd_ = -1;
};

inline void close_now(int fd) {
    ::close(fd);
}

/// Owns a descriptor of our own; for those that come from a client, see ClientFd.
using UniqueFd = OwnedFd<close_now>;

}  // namespace platform::vfio_user
