// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <poll.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "platform/vfio_user/client_fd.h"
#include "platform/vfio_user/listening_socket.h"
#include "platform/vfio_user/unique_fd.h"

namespace platform {

/// A UNIX socket (mode 0600) at which people and scripts ask a running simulation: a line is a
/// request, and a line answers it. Several may come at once; one that is silent makes room for
/// others. Never waits, and keeps a bounded amount of what a client sends: its next request is read
/// when it has taken the answer to the one before.
class ControlSocket {
public:
    static constexpr std::size_t kLongestLine = 64 * 1024;
    static constexpr std::size_t kMostClients = 16;

    struct Request {
        std::uint64_t client;  ///< never the same as that of another connection
        std::string line;      ///< without its end
    };

    ControlSocket();
    /// Begins to listen. Empty, or why that is not possible.
    [[nodiscard]] std::string open(const std::string& path) { return listening_.open(path); }
    /// At these and with these events of poll() look() may find something.
    void add_sources(std::vector<pollfd>& sources) const;
    /// What was asked since the last look, at most one request of each client.
    [[nodiscard]] std::vector<Request> look();
    /// `line` answers the client's request, if it is still there; without its end.
    void answer(std::uint64_t client, const std::string& line);

private:
    using Clock = std::chrono::steady_clock;
    struct Client {
        std::uint64_t id;
        vfio_user::ClientFd fd;
        Clock::time_point heard = Clock::now();  // of it, or it has taken something
        std::string in = {}, out = {};
        bool asked = false;   // and got no answer yet
        bool ending = false;  // is hung up on when it has taken what it is sent
        bool gone = false;
        [[nodiscard]] bool idle() const { return !asked && out.empty(); }
        [[nodiscard]] bool has_line() const { return in.find('\n') != std::string::npos; }
    };
    void accept();
    bool make_room();
    void pause();
    static void send(Client& client);
    static void receive(Client& client);
    static bool take_line(Client& client, std::string& line);

    vfio_user::ListeningSocket listening_;
    std::list<Client> clients_;
    std::uint64_t next_ = 0;
    vfio_user::UniqueFd timer_;  // a timerfd; it ends a pause
    bool paused_ = false;        // nobody is taken
};

}  // namespace platform
