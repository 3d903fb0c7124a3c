// SPDX-License-Identifier: Apache-2.0
#include "platform/control/control_socket.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace platform {

namespace {

constexpr const char* kTooLong =
    R"({"ok": false, "problems": ["the request is longer than 65536 bytes"]})"
    "\n";

bool would_wait() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

void ControlSocket::add_sources(std::vector<pollfd>& sources) const {
    if (clients_.size() < kMostClients && listening_.fd() >= 0)
        sources.push_back({listening_.fd(), POLLIN, 0});
    for (const Client& client : clients_) {
        if (client.asked) continue;
        // A line that was read with the one before waits for nothing but a look.
        const bool ready = !client.out.empty() || client.has_line();
        sources.push_back({client.fd.get(), static_cast<short>(ready ? POLLOUT : POLLIN), 0});
    }
}

std::vector<ControlSocket::Request> ControlSocket::look() {
    accept();
    std::vector<Request> requests;
    for (Client& client : clients_) {
        send(client);
        if (client.gone || client.ending || !client.idle()) continue;
        if (!client.has_line()) receive(client);
        std::string line;
        if (take_line(client, line)) requests.push_back({client.id, std::move(line)});
    }
    clients_.remove_if([](const Client& client) { return client.gone; });
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
    while (clients_.size() < kMostClients && listening_.fd() >= 0) {
        vfio_user::ClientFd fd(
            ::accept4(listening_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!fd) return;
        clients_.push_back({next_++, std::move(fd)});
    }
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
    }
    client.gone = client.gone || client.ending;
}

void ControlSocket::receive(Client& client) {
    char bytes[16 * 1024];
    const ssize_t count = ::recv(client.fd.get(), bytes, sizeof bytes, 0);
    if (count > 0)
        client.in.append(bytes, static_cast<std::size_t>(count));
    else
        client.gone = count == 0 || !would_wait();
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
