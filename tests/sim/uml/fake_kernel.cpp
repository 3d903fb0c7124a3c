// SPDX-License-Identifier: Apache-2.0
// What nvme-vp uml takes for a kernel. The last word of its command line says what it does wrong.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/uml/calendar_protocol.h"

namespace {

using platform::uml::CalendarMessage;
using platform::uml::CalendarOp;

constexpr std::uint64_t kNever = ~0ull >> 1;

int connect_to(const char* path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ::abort();
    return fd;
}

void send_bytes(int fd, const void* data, std::size_t bytes) {
    if (::send(fd, data, bytes, MSG_NOSIGNAL) < 0) ::_exit(0);
}

/// The calendar, as a guest that works talks to it.
class Calendar {
public:
    Calendar() : fd_(connect_to("cal")) {}
    /// Returns the time of the answer.
    std::uint64_t ask(CalendarOp op, std::uint64_t time = 0) {
        tell(op, time);
        for (;;) {
            const CalendarMessage got = receive();
            if (got.op == CalendarOp::kAck && got.seq == seq_) return got.time;
            acknowledge(got);
        }
    }
    void tell(CalendarOp op, std::uint64_t time = 0) {
        const CalendarMessage message{op, ++seq_, time};
        send_bytes(fd_, &message, sizeof message);
    }
    void wait_for_run() {
        ask(CalendarOp::kWait);
        for (;;) {
            const CalendarMessage got = receive();
            acknowledge(got);
            if (got.op == CalendarOp::kRun) return;
        }
    }
    [[nodiscard]] int fd() const { return fd_; }

private:
    CalendarMessage receive() const {
        CalendarMessage message;
        if (::recv(fd_, &message, sizeof message, MSG_WAITALL) != sizeof message) ::_exit(0);
        return message;
    }
    void acknowledge(const CalendarMessage& message) const {
        const CalendarMessage ack{CalendarOp::kAck, message.seq, 0};
        send_bytes(fd_, &ack, sizeof ack);
    }

    int fd_;
    std::uint32_t seq_ = 0;
};

void say(std::string_view text) {
    if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) ::_exit(1);
}

[[noreturn]] void sleep_for_ever() {
    for (;;) ::pause();
}

Calendar started() {
    Calendar calendar;
    calendar.ask(CalendarOp::kStart, 1);
    return calendar;
}

/// Something at the device's socket.
void tell_device(const void* data, std::size_t bytes) {
    const int device = connect_to("nv0");
    send_bytes(device, data, bytes);
    sleep_for_ever();
}

using Deed = void (*)();
const std::map<std::string_view, Deed> kDeeds{
    {"good", [] { say("all is well\n"); }},
    {"silent", [] { sleep_for_ever(); }},
    {"spins",
     [] {
         started();
         sleep_for_ever();
     }},
    {"aborts", [] { ::abort(); }},
    {"panics",
     [] {
         started();
         say("Kernel panic - not syncing: no root\nCPU: 0\n");
         ::abort();
     }},
    {"init_exits",
     [] {
         started();
         say("Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000500\n");
         ::abort();
     }},
    {"no_start", [] { Calendar().ask(CalendarOp::kGet); }},
    {"unknown_op", [] { started().ask(static_cast<CalendarOp>(99)); }},
    {"answers_nothing", [] { started().ask(CalendarOp::kAck); }},
    {"into_the_past",
     [] {
         Calendar calendar = started();
         calendar.ask(CalendarOp::kRequest, 1000);
         calendar.wait_for_run();
         calendar.ask(CalendarOp::kRequest, 10);
     }},
    {"runs_ahead", [] { started().ask(CalendarOp::kUpdate, 5'000'000'000); }},
    {"half",
     [] {
         send_bytes(connect_to("cal"), "abc", 3);
         sleep_for_ever();
     }},
    {"no_message",
     [] {
         Calendar calendar = started();
         const std::vector<std::uint8_t> nonsense(4096, 0xee);
         tell_device(nonsense.data(), nonsense.size());
     }},
    {"unknown_request",
     [] {
         Calendar calendar = started();
         const std::uint32_t request[]{77, 1, 0};
         tell_device(request, sizeof request);
     }},
    {"ticks",
     [] {
         Calendar calendar = started();
         for (std::uint64_t ns = 1'000'000;; ns += 1'000'000) {
             calendar.ask(CalendarOp::kRequest, ns);
             calendar.wait_for_run();
             if (calendar.ask(CalendarOp::kGet) != ns) ::abort();
         }
     }},
    {"for_ever",
     [] {
         Calendar calendar = started();
         calendar.ask(CalendarOp::kRequest, kNever);
         calendar.wait_for_run();
     }},
    {"much",
     [] {
         started();
         const std::string line(1000, 'x');
         for (int i = 0; i < 1000; ++i) say(line);
     }},
};

}  // namespace

int main(int argc, char** argv) {
    const auto deed = kDeeds.find(argv[argc - 1]);
    if (deed == kDeeds.end()) return 99;
    deed->second();
    return 0;
}
