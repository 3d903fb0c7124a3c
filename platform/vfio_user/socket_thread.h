// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <thread>

#include "platform/vfio_user/inbox.h"
#include "platform/vfio_user/listening_socket.h"

namespace platform::vfio_user {

/// Accepts clients, one after another, and puts their messages into an inbox. Answers nothing
/// itself. Sleeps whenever nothing arrives.
class SocketThread {
public:
    explicit SocketThread(Inbox& inbox);
    /// Ends the thread; the inbox must be closed by then, or still be emptied.
    ~SocketThread();
    SocketThread(const SocketThread&) = delete;
    SocketThread& operator=(const SocketThread&) = delete;

    /// Begins to listen. Empty, or what is wrong.
    [[nodiscard]] std::string start(const std::string& path);
    /// Hangs up and pushes kStop. May be called from a signal handler.
    void request_stop();

private:
    void run();
    void serve(UniqueFd client);

    Inbox& inbox_;
    UniqueFd stop_;  // an eventfd
    ListeningSocket listening_;
    std::thread thread_;
};

}  // namespace platform::vfio_user
