// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/inbox.h"

#include <utility>

namespace platform::vfio_user {

void Inbox::push(SocketEvent event) {
    {
        std::unique_lock lock(mutex_);
        room_.wait(lock, [this] { return closed_ || events_.size() < kCapacity; });
        if (closed_) return;
        events_.push_back(std::move(event));
    }
    arrived_.notify_one();
    on_arrival_();
}

bool Inbox::pop(SocketEvent& event) {
    {
        const std::lock_guard lock(mutex_);
        if (events_.empty()) return false;
        event = std::move(events_.front());
        events_.pop_front();
    }
    room_.notify_one();
    return true;
}

bool Inbox::empty() const {
    const std::lock_guard lock(mutex_);
    return events_.empty();
}

void Inbox::wait() const {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !events_.empty(); });
}

bool Inbox::wait_until(Clock::time_point deadline) const {
    std::unique_lock lock(mutex_);
    return arrived_.wait_until(lock, deadline, [this] { return !events_.empty(); });
}

void Inbox::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        events_.clear();
    }
    room_.notify_all();
}

}  // namespace platform::vfio_user
