// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/reception.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace platform::vfio_user {

static_assert(std::atomic<bool>::is_always_lock_free);  // a signal handler writes one

Reception::Reception() : stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

std::string Reception::open(const std::string& path) {
    if (!stop_) return std::string("eventfd: ") + std::strerror(errno);
    return listening_.open(path);
}

void Reception::request_stop() {
    stopping_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
}

bool Reception::look() {
    if (has_next()) return true;
    if (stopping_)
        next_ = Event::kStop;
    else if (!connection_)
        accept();
    else if (!connection_->receive())
        next_ = Event::kDisconnected;
    else if (connection_->has_message())
        next_ = Event::kMessage;
    return has_next();
}

void Reception::accept() {
    UniqueFd client(::accept4(listening_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) return;
    connection_.emplace(std::move(client));
    next_ = Event::kConnected;
}

Reception::Event Reception::next(Message& message) {
    const Event event = std::exchange(next_, Event::kNothing);
    if (event == Event::kDisconnected) connection_.reset();
    if (event != Event::kMessage) return event;
    (void)connection_->pop(message);
    if (connection_->has_message()) next_ = Event::kMessage;
    return event;
}

void Reception::wait_until(Clock::time_point limit) {
    pollfd sources[] = {{connection_ ? connection_->fd() : listening_.fd(), POLLIN, 0},
                        {stop_.get(), POLLIN, 0}};
    const auto left = std::max(limit - Clock::now(), Clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timespec timeout{};
    timeout.tv_sec = seconds.count();
    timeout.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
    (void)::ppoll(sources, 2, &timeout, nullptr);
}

bool Reception::send(const std::uint8_t* message, std::size_t bytes, int fd) {
    return connection_ && connection_->send(message, bytes, fd);
}

void Reception::hang_up() {
    if (connection_) connection_->hang_up();
}

}  // namespace platform::vfio_user
