// SPDX-License-Identifier: Apache-2.0
// What the guest says to its calendar, and how long one listens to it.
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/uml/calendar.h"

namespace platform::uml {

namespace {

constexpr std::size_t kStop = 0;  // of sources_
constexpr int kMomentMs = 50;     // in which a guest that works says something

}  // namespace

/// In front of all others. A signal ends the simulation also while the guest is silent.
void Calendar::watch_calendar() {
    sources_.clear();
    watch(stop_ != nullptr ? stop_->fd() : -1);
    watch(guest_ ? guest_.fd() : listening_->fd());
}

/// `first`: which of the sources, in their order, has something.
std::string Calendar::await_any(std::size_t& first) {
    for (;;) {
        int ready = ::poll(sources_.data(), sources_.size(), kMomentMs);
        if (ready == 0) {
            if (paused_) paused_();
            ready = ::poll(sources_.data(), sources_.size(),
                           static_cast<int>(params_.patience.count()));
        }
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) return std::string{"poll: "} + std::strerror(errno);
        if (ready == 0)
            return "the guest has not asked for time for " +
                   std::to_string(params_.patience.count() / 1000) +
                   " s: something in it runs in a loop, which takes no simulated time";
        break;
    }
    const auto any = [](const pollfd& source) { return source.revents != 0; };
    first = static_cast<std::size_t>(std::find_if(sources_.begin(), sources_.end(), any) -
                                     sources_.begin());
    return first == kStop ? "stopped by a signal" : "";
}

std::string Calendar::await(int fd) {
    for (;;) {
        watch_calendar();
        const std::size_t mine = sources_.size();
        watch(fd);
        watch(process_.fd());
        std::size_t ready = 0;
        if (std::string wrong = await_any(ready); !wrong.empty()) return wrong;
        if (ready == mine) return {};
        if (ready > mine) {
            ended_ = true;
            return "the guest has ended";
        }
        if (std::string wrong = take_message(); !wrong.empty()) return wrong;
    }
}

std::string Calendar::connect() {
    vfio_user::ClientFd fd(
        ::accept4(listening_->fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return std::string{"accept: "} + std::strerror(errno);
    guest_ = GuestSocket(std::move(fd), params_.patience);
    listening_.reset();  // a guest that begins anew finds nobody
    return {};
}

std::string Calendar::take_message() {
    CalendarMessage message;
    std::string wrong = guest_.read(&message, sizeof message);
    return wrong.empty() ? answer(message) : wrong;
}

std::string Calendar::answer(const CalendarMessage& message) {
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
            if (message.time < now_ns()) return nonsense("asks for a time that has passed");
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
            time = now_ns();
            break;
        default:
            return nonsense("is not known");
    }
    const CalendarMessage ack{CalendarOp::kAck, message.seq, time};
    return guest_.write(&ack, sizeof ack);
}

/// The guest has come to this time by itself: nothing lies before it.
std::string Calendar::update(std::uint64_t to_ns) {
    if (to_ns < now_ns()) return "goes back in time";
    if (to_ns > now_ns() && to_ns >= free_until_ns_) return "goes further than was allowed";
    if (to_ns > now_ns()) wait(time_.to_sc(to_ps(to_ns) - time_.now()));
    return {};
}

void Calendar::append(CalendarOp op, std::uint64_t time_ns) {
    to_send_.push_back({op, ++seq_, time_ns});
    ++acks_due_;
}

std::string Calendar::send() {
    std::string wrong = guest_.write(to_send_.data(), to_send_.size() * sizeof(CalendarMessage));
    to_send_.clear();
    return wrong;
}

}  // namespace platform::uml
