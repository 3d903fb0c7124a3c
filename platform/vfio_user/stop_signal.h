// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "platform/vfio_user/unique_fd.h"

namespace platform::vfio_user {

/// Says once that all is to end, and wakes who sleeps at its descriptor.
class StopSignal {
public:
    StopSignal() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

    /// May be called from any thread, and from a signal handler.
    void give() {
        given_ = true;
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(fd_.get(), &one, sizeof one);
    }
    [[nodiscard]] bool given() const { return given_; }
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    static_assert(std::atomic<bool>::is_always_lock_free);  // a signal handler writes one
    std::atomic<bool> given_{false};
    UniqueFd fd_;
};

}  // namespace platform::vfio_user
