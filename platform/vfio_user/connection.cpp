// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace platform::vfio_user {

namespace {

constexpr int kPatienceMs = 2'000;  // with a client that does not read

struct alignas(cmsghdr) FdSpace {
    std::array<char, CMSG_SPACE(kMaxFds * sizeof(int))> bytes{};
};

void take_fds(msghdr& header, std::vector<UniqueFd>& fds) {
    for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            fds.emplace_back(fd);
        }
    }
}

}  // namespace

bool Connection::wait_readable() {
    pollfd sources[] = {{fd_.get(), POLLIN, 0}, {stop_fd_, POLLIN, 0}};
    while (::poll(sources, 2, -1) < 0)
        if (errno != EINTR) return false;
    return sources[1].revents == 0;
}

/// Bytes received; 0: the end; negative: nothing there yet.
long Connection::receive_some(void* data, std::size_t bytes, std::vector<UniqueFd>& fds) {
    FdSpace space;
    iovec vector{data, bytes};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = space.bytes.data();
    header.msg_controllen = space.bytes.size();
    const ssize_t got = ::recvmsg(fd_.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0) return errno == EAGAIN || errno == EINTR ? -1 : 0;
    take_fds(header, fds);
    // More descriptors than anybody may send: some are lost, and the message cannot be what it
    // says.
    if ((header.msg_flags & MSG_CTRUNC) != 0 || fds.size() > kMaxFds) return 0;
    return got;
}

bool Connection::fill(void* data, std::size_t bytes, std::vector<UniqueFd>& fds) {
    auto* to = static_cast<std::uint8_t*>(data);
    while (bytes != 0) {
        const long got = receive_some(to, bytes, fds);
        if (got == 0) return false;
        if (got < 0) {
            if (!wait_readable()) return false;
            continue;
        }
        to += got;
        bytes -= static_cast<std::size_t>(got);
    }
    return true;
}

bool Connection::receive(Message& message) {
    message.fds.clear();
    if (!fill(&message.header, sizeof message.header, message.fds)) return false;
    if (!receivable(message.header)) return false;
    message.payload.resize(message.header.size - sizeof(Header));
    return fill(message.payload.data(), message.payload.size(), message.fds);
}

bool Connection::send(const std::uint8_t* message, std::size_t bytes, int fd) {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
    while (bytes != 0) {
        iovec vector{const_cast<std::uint8_t*>(message), bytes};
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
        const ssize_t sent = ::sendmsg(fd_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            message += sent;
            bytes -= static_cast<std::size_t>(sent);
            fd = -1;  // it went with the first byte
            continue;
        }
        if (sent < 0 && errno == EINTR) continue;
        pollfd room{fd_.get(), POLLOUT, 0};
        if (sent == 0 || errno != EAGAIN || ::poll(&room, 1, kPatienceMs) != 1) return false;
    }
    return true;
}

void Connection::hang_up() {
    ::shutdown(fd_.get(), SHUT_RDWR);
}

}  // namespace platform::vfio_user
