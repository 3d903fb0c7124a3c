// SPDX-License-Identifier: Apache-2.0
#include "platform/control/control_socket.h"

#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "platform/vfio_user/received_fds.h"

namespace platform {

namespace {

constexpr const char* kTooLong =
    R"({"ok": false, "problems": ["the request is longer than 65536 bytes"]})"
    "\n";

/// Who is silent for so long makes room for others who come.
constexpr std::chrono::seconds kSilence{5};
/// Until another look at who comes, where there was no room or no descriptor for him.
constexpr long kPauseNs = 100'000'000;

bool would_wait() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

ControlSocket::ControlSocket()
    : timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {}

void ControlSocket::add_sources(std::vector<pollfd>& sources) const {
    // Who cannot be taken now would make poll() return at once, again and again.
    if (listening_.fd() >= 0)
        sources.push_back({paused_ ? timer_.get() : listening_.fd(), POLLIN, 0});
    for (const Client& client : clients_) {
        if (client.asked) continue;
        // A line that was read with the one before waits for nothing but a look.
        const bool ready = !client.out.empty() || client.has_line();
        sources.push_back({client.fd.get(), static_cast<short>(ready ? POLLOUT : POLLIN), 0});
    }
}

std::vector<ControlSocket::Request> ControlSocket::look() {
    std::vector<Request> requests;
    for (Client& client : clients_) {
        send(client);
        if (client.gone || client.ending || !client.idle()) continue;
        if (!client.has_line()) receive(client);
        std::string line;
        if (take_line(client, line)) requests.push_back({client.id, std::move(line)});
    }
    const std::size_t before = clients_.size();
    clients_.remove_if([](const Client& client) { return client.gone; });
    std::uint64_t ticks = 0;
    if (clients_.size() != before ||
        ::read(timer_.get(), &ticks, sizeof ticks) == static_cast<ssize_t>(sizeof ticks))
        paused_ = false;
    accept();
    return requests;
}

void ControlSocket::answer(std::uint64_t id, const std::string& line) {
    for (Client& client : clients_) {
        if (client.id != id) continue;
        client.asked = false;
        client.out = line + '\n';
        send(client);
    }
}

void ControlSocket::accept() {
    pollfd waits{listening_.fd(), POLLIN, 0};
    while (!paused_ && ::poll(&waits, 1, 0) == 1) {
        if (clients_.size() >= kMostClients && !make_room()) return pause();
        vfio_user::ClientFd fd(
            ::accept4(listening_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (fd)
            clients_.push_back({next_++, std::move(fd)});
        else if (!would_wait() && errno != ECONNABORTED)
            pause();  // without a descriptor, for one
    }
}

/// Hangs up on who has been silent for the longest time. False: all are busy.
bool ControlSocket::make_room() {
    auto longest = clients_.end();
    for (auto it = clients_.begin(); it != clients_.end(); ++it)
        if (!it->asked && !it->has_line() &&
            (longest == clients_.end() || it->heard < longest->heard))
            longest = it;
    if (longest == clients_.end() || Clock::now() - longest->heard < kSilence) return false;
    clients_.erase(longest);
    return true;
}

void ControlSocket::pause() {
    const itimerspec once{{0, 0}, {0, kPauseNs}};
    paused_ = ::timerfd_settime(timer_.get(), 0, &once, nullptr) == 0;
}

void ControlSocket::send(Client& client) {
    while (!client.out.empty()) {
        const ssize_t sent =
            ::send(client.fd.get(), client.out.data(), client.out.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            client.gone = !would_wait();
            return;
        }
        client.out.erase(0, static_cast<std::size_t>(sent));
        client.heard = Clock::now();
    }
    client.gone = client.gone || client.ending;
}

/// Descriptors that come along are closed: nobody asked for them.
void ControlSocket::receive(Client& client) {
    char bytes[16 * 1024];
    iovec vector{bytes, sizeof bytes};
    msghdr in{};
    in.msg_iov = &vector;
    in.msg_iovlen = 1;
    vfio_user::ReceivedFds received;
    received.attach_to(in);
    const ssize_t count = ::recvmsg(client.fd.get(), &in, MSG_CMSG_CLOEXEC);
    if (count < 0) {
        client.gone = !would_wait();
        return;
    }
    std::vector<vfio_user::ClientFd> fds;
    vfio_user::ReceivedFds::take(in, fds);
    client.gone = count == 0;
    client.in.append(bytes, static_cast<std::size_t>(count));
    client.heard = Clock::now();
}

/// A line that is too long is answered, and is the last.
bool ControlSocket::take_line(Client& client, std::string& line) {
    const std::size_t end = client.in.find('\n');
    if (end <= kLongestLine) {
        line = client.in.substr(0, end);
        client.in.erase(0, end + 1);
        client.asked = true;
        return true;
    }
    if (client.in.size() <= kLongestLine) return false;
    client.in.clear();
    client.out = kTooLong;
    client.ending = true;
    send(client);
    return false;
}

}  // namespace platform
