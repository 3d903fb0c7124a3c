// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/connection.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "platform/vfio_user/received_fds.h"

namespace platform::vfio_user {

namespace {

constexpr std::size_t kBatch = 4096;  // bytes of messages that have come together

}  // namespace

Header Connection::header() const {
    Header header;
    std::memcpy(&header, buffer_.data() + begin_, sizeof header);
    return header;
}

/// False: what comes next is no message.
bool Connection::sound() const {
    return buffered() < sizeof(Header) || receivable(header());
}

bool Connection::has_message() const {
    return buffered() >= sizeof(Header) && sound() && buffered() >= header().size;
}

bool Connection::has_reply() const {
    return has_message() && (header().flags & kTypeMask) == kTypeReply;
}

/// How much to ask the socket for. Of a message that has begun only the rest, so that file
/// descriptors, which end what one call returns, belong to the last message in the buffer.
std::size_t Connection::wanted() const {
    if (buffered() == 0) return kBatch;
    if (buffered() < sizeof(Header)) return sizeof(Header) - buffered();
    return header().size - buffered();
}

void Connection::make_room(std::size_t bytes) {
    if (begin_ != 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    if (buffer_.size() < end_ + bytes) buffer_.resize(end_ + bytes);
}

bool Connection::receive() {
    if (!sound()) return false;
    if (has_message()) return true;
    const std::size_t most = wanted();
    make_room(most);
    ReceivedFds received;
    iovec vector{buffer_.data() + end_, most};
    msghdr in{};
    in.msg_iov = &vector;
    in.msg_iovlen = 1;
    received.attach_to(in);
    const ssize_t got = ::recvmsg(fd_.get(), &in, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    ReceivedFds::take(in, fds_);
    // More descriptors than anybody may send, or than this process may have.
    if (got == 0 || (in.msg_flags & MSG_CTRUNC) != 0 || fds_.size() > kMaxFds) return false;
    end_ += static_cast<std::size_t>(got);
    return sound();
}

bool Connection::pop(Message& message) {
    if (!has_message()) return false;
    message.header = header();
    const std::uint8_t* payload = buffer_.data() + begin_ + sizeof(Header);
    message.payload.assign(payload, payload + (message.header.size - sizeof(Header)));
    begin_ += message.header.size;
    message.fds.clear();
    if (buffered() == 0) message.fds.swap(fds_);
    return true;
}

bool Connection::send(const std::uint8_t* message, std::size_t bytes, int fd) {
    std::size_t sent = 0;
    if (!send_some(message, bytes, fd, sent)) return false;
    if (sent == bytes) return true;
    unsent_.assign(message + sent, message + bytes);
    unsent_at_ = 0;
    unsent_fd_ = fd;
    patience_end_ = Clock::now() + patience_;
    return true;
}

bool Connection::flush() {
    std::size_t sent = 0;
    if (!send_some(unsent_.data() + unsent_at_, unsent_.size() - unsent_at_, unsent_fd_, sent))
        return false;
    if (sent == 0) return true;
    unsent_at_ += sent;
    patience_end_ = sending() ? Clock::now() + patience_ : Clock::time_point::max();
    return true;
}

/// As much as there is room for. `fd` becomes -1 when it is on its way: it goes with the first
/// byte. False: the client is gone.
bool Connection::send_some(const std::uint8_t* message, std::size_t bytes, int& fd,
                           std::size_t& sent) {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
    while (sent != bytes) {
        iovec vector{const_cast<std::uint8_t*>(message + sent), bytes - sent};
        msghdr header{};
        header.msg_iov = &vector;
        header.msg_iovlen = 1;
        if (fd >= 0) {
            header.msg_control = space.data();
            header.msg_controllen = space.size();
            cmsghdr* c = CMSG_FIRSTHDR(&header);
            c->cmsg_level = SOL_SOCKET;
            c->cmsg_type = SCM_RIGHTS;
            c->cmsg_len = CMSG_LEN(sizeof fd);
            std::memcpy(CMSG_DATA(c), &fd, sizeof fd);
        }
        const ssize_t some = ::sendmsg(fd_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (some > 0) {
            sent += static_cast<std::size_t>(some);
            fd = -1;
        } else if (some == 0 || errno != EINTR) {
            return some < 0 && errno == EAGAIN;
        }
    }
    return true;
}

void Connection::hang_up() {
    ::shutdown(fd_.get(), SHUT_RDWR);
}

}  // namespace platform::vfio_user
