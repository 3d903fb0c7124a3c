// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "platform/uml/calendar_protocol.h"

namespace platform::uml::test {

/// A kernel whose calendar ends the connection is at its end.
inline void send_bytes(int fd, const void* data, std::size_t bytes) {
    if (::send(fd, data, bytes, MSG_NOSIGNAL) < 0) ::_exit(0);
}
inline void receive_bytes(int fd, void* data, std::size_t bytes) {
    if (::recv(fd, data, bytes, MSG_WAITALL) != static_cast<ssize_t>(bytes)) ::_exit(0);
}

inline int connect_to(const char* path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ::abort();
    return fd;
}

/// The calendar, as a guest that works talks to it.
class FakeCalendar {
public:
    FakeCalendar() : fd_(connect_to("cal")) {}

    /// Returns the time of the answer.
    std::uint64_t ask(CalendarOp op, std::uint64_t time = 0) {
        const CalendarMessage message{op, ++seq_, time};
        send_bytes(fd_, &message, sizeof message);
        for (;;) {
            const CalendarMessage got = receive();
            if (got.op == CalendarOp::kAck && got.seq == seq_) return got.time;
        }
    }
    void wait_for_run() {
        ask(CalendarOp::kWait);
        while (receive().op != CalendarOp::kRun) {
        }
    }
    /// Takes a message, and acknowledges what is none itself.
    CalendarMessage receive() {
        CalendarMessage message;
        receive_bytes(fd_, &message, sizeof message);
        if (message.op != CalendarOp::kAck) {
            const CalendarMessage ack{CalendarOp::kAck, message.seq, 0};
            send_bytes(fd_, &ack, sizeof ack);
        }
        return message;
    }
    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;
    std::uint32_t seq_ = 0;
};

}  // namespace platform::uml::test
