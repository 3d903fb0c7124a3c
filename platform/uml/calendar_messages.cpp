// SPDX-License-Identifier: Apache-2.0
// What a guest says to its calendar.
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "platform/uml/calendar.h"
#include "platform/uml/calendar_guest.h"

namespace platform::uml {

std::string CalendarGuest::connect() {
    vfio_user::ClientFd fd(
        ::accept4(listening_->fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return std::string{"accept: "} + std::strerror(errno);
    guest_ = GuestSocket(std::move(fd), calendar_.params().patience);
    listening_.reset();  // a guest that begins anew finds nobody
    return {};
}

std::string CalendarGuest::take_message() {
    CalendarMessage message;
    std::string wrong = guest_.read(&message, sizeof message);
    return wrong.empty() ? answer(message) : wrong;
}

std::string CalendarGuest::answer(const CalendarMessage& message) {
    const auto nonsense = [&](const char* what) {
        return "the guest's calendar message " +
               std::to_string(static_cast<std::uint32_t>(message.op)) + " " + what;
    };
    if (!started_ && message.op != CalendarOp::kStart) return nonsense("comes before the first");
    std::uint64_t time = 0;
    switch (message.op) {
        case CalendarOp::kAck:
            if (acks_due_ == 0) return nonsense("answers nothing");
            --acks_due_;
            return {};
        case CalendarOp::kStart:
            started_ = true;
            break;
        case CalendarOp::kRequest:
            if (message.time < calendar_.now_ns())
                return nonsense("asks for a time that has passed");
            requested_ns_ = message.time;
            break;
        case CalendarOp::kWait:
            if (waiting_) return nonsense("comes while the guest waits already");
            waiting_ = true;
            free_until_ns_ = 0;
            break;
        case CalendarOp::kUpdate:
            if (std::string wrong = update(message.time); !wrong.empty())
                return nonsense(wrong.c_str());
            break;
        case CalendarOp::kGet:
        case CalendarOp::kGetTod:
            time = calendar_.now_ns();
            break;
        default:
            return nonsense("is not known");
    }
    const CalendarMessage ack{CalendarOp::kAck, message.seq, time};
    return guest_.write(&ack, sizeof ack);
}

/// The guest has come to this time by itself: nothing lies before it.
std::string CalendarGuest::update(std::uint64_t to_ns) {
    if (to_ns < calendar_.now_ns()) return "goes back in time";
    if (to_ns > calendar_.now_ns() && to_ns >= free_until_ns_)
        return "goes further than was allowed";
    if (to_ns > calendar_.now_ns()) calendar_.pass_to(to_ns);
    return {};
}

void CalendarGuest::append(CalendarOp op, std::uint64_t time_ns) {
    to_send_.push_back({op, ++seq_, time_ns});
    ++acks_due_;
}

std::string CalendarGuest::send() {
    std::string wrong = guest_.write(to_send_.data(), to_send_.size() * sizeof(CalendarMessage));
    to_send_.clear();
    return wrong;
}

}  // namespace platform::uml
