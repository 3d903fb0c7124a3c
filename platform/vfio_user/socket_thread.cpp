// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/socket_thread.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace platform::vfio_user {

using Kind = SocketEvent::Kind;

SocketThread::SocketThread(Inbox& inbox)
    : inbox_(inbox), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

SocketThread::~SocketThread() {
    request_stop();
    if (thread_.joinable()) thread_.join();
}

std::string SocketThread::start(const std::string& path) {
    if (!stop_) return std::string("eventfd: ") + std::strerror(errno);
    if (std::string wrong = listening_.open(path); !wrong.empty()) return wrong;
    // Signals are for the main thread.
    sigset_t all, before;
    ::sigfillset(&all);
    ::sigdelset(&all, SIGBUS);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return {};
}

void SocketThread::request_stop() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(stop_.get(), &one, sizeof one);
}

void SocketThread::run() {
    pollfd sources[] = {{listening_.fd(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    for (;;) {
        if (::poll(sources, 2, -1) < 0 && errno != EINTR) break;
        if (sources[1].revents != 0) break;
        if (sources[0].revents == 0) continue;
        UniqueFd client(::accept4(listening_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
        if (client) serve(std::move(client));
    }
    inbox_.push({Kind::kStop, nullptr, {}});
}

void SocketThread::serve(UniqueFd client) {
    const auto connection = std::make_shared<Connection>(std::move(client), stop_.get());
    inbox_.push({Kind::kConnected, connection, {}});
    for (Message message; connection->receive(message); message = {})
        inbox_.push({Kind::kMessage, connection, std::move(message)});
    inbox_.push({Kind::kDisconnected, connection, {}});
}

}  // namespace platform::vfio_user
