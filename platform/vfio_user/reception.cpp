// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/reception.h"

#include <poll.h>
#include <sys/socket.h>

#include <utility>

namespace platform::vfio_user {

bool Reception::look() {
    if (sending() && !connection_->flush()) next_ = Event::kDisconnected;
    if (next_ != Event::kNothing) return has_next();
    if (!connection_)
        accept();
    else if (!connection_->receive())
        next_ = Event::kDisconnected;
    else if (connection_->has_message())
        next_ = Event::kMessage;
    return has_next();
}

bool Reception::has_next() const {
    if (next_ == Event::kMessage && connection_->sending()) return connection_->has_reply();
    return next_ != Event::kNothing;
}

short Reception::events() const {
    const bool full = next_ != Event::kNothing;
    return static_cast<short>((full ? 0 : POLLIN) | (sending() ? POLLOUT : 0));
}

void Reception::accept() {
    ClientFd client(::accept4(listening_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) return;
    connection_.emplace(std::move(client), patience_);
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

bool Reception::send(const std::uint8_t* message, std::size_t bytes, int fd) {
    return connection_ && connection_->send(message, bytes, fd);
}

void Reception::hang_up() {
    if (connection_) connection_->hang_up();
}

}  // namespace platform::vfio_user
