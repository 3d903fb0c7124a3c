// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/guest_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

namespace platform::uml {

namespace {

constexpr std::size_t kMaxFds = 8;  // with one message: as many as there are regions of memory
constexpr const char* kClosed = "the guest has closed its connection";

void take_fds(const msghdr& message, std::vector<vfio_user::ClientFd>* fds) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(const_cast<msghdr*>(&message), part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
            vfio_user::ClientFd owned(fd);
            if (fds != nullptr && fds->size() < kMaxFds) fds->push_back(std::move(owned));
        }
    }
}

}  // namespace

std::string GuestSocket::await(short events) {
    pollfd source{fd_.get(), events, 0};
    const int ready = ::poll(&source, 1, static_cast<int>(patience_.count()));
    if (ready > 0 || (ready < 0 && errno == EINTR)) return {};
    return ready == 0 ? "the guest leaves a message incomplete" : std::strerror(errno);
}

std::string GuestSocket::read(void* data, std::size_t bytes,
                              std::vector<vfio_user::ClientFd>* fds) {
    auto* to = static_cast<char*>(data);
    while (bytes != 0) {
        alignas(cmsghdr) char control[CMSG_SPACE(kMaxFds * sizeof(int))];
        iovec part{to, bytes};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        const ssize_t got = ::recvmsg(fd_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (got > 0) {
            take_fds(message, fds);
            to += got;
            bytes -= static_cast<std::size_t>(got);
            continue;
        }
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            if (std::string wrong = await(POLLIN); !wrong.empty()) return wrong;
            continue;
        }
        closed_ = got == 0 || errno == ECONNRESET;
        return closed_ ? kClosed : std::strerror(errno);
    }
    return {};
}

std::string GuestSocket::write(const void* data, std::size_t bytes) {
    const auto* from = static_cast<const char*>(data);
    while (bytes != 0) {
        const ssize_t sent = ::send(fd_.get(), from, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            from += sent;
            bytes -= static_cast<std::size_t>(sent);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (std::string wrong = await(POLLOUT); !wrong.empty()) return wrong;
            continue;
        }
        closed_ = errno == EPIPE || errno == ECONNRESET;
        return closed_ ? kClosed : std::strerror(errno);
    }
    return {};
}

}  // namespace platform::uml
