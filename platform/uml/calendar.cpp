// SPDX-License-Identifier: Apache-2.0
// Whose turn it is: a guest's or the simulation's.
#include "platform/uml/calendar.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>

namespace platform::uml {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kStackBytes = 256 * 1024;
constexpr int kMomentMs = 50;  // in which a guest that works says something
constexpr const char* kStopped = "stopped by a signal";

}  // namespace

Calendar::Calendar(const sc_core::sc_module_name& name, const CalendarParams& params,
                   GuestProcess& guest)
    : sc_module(name), params_(params) {
    add(guest);
    SC_THREAD(run);
    set_stack_size(kStackBytes);
}

void Calendar::add(GuestProcess& guest) {
    guests_.push_back(std::make_unique<CalendarGuest>(*this, guest));
}

void Calendar::add(PciDevice& device, std::size_t guest) {
    guests_[guest]->add(device);
    interrupts_ |= device.due();
}

void Calendar::run() {
    while (CalendarGuest* const guest = next_turn()) {
        ran_last_ = number_of(*guest);
        if (!guest->run() && !go_on_without(*guest)) break;
    }
    sc_core::sc_stop();
}

/// When a guest has its turn, all that happens before has happened. Null: it is over.
CalendarGuest* Calendar::next_turn() {
    for (;;) {
        if (paused_) paused_();
        settle();
        if (!deliver_interrupts()) return nullptr;
        if (stop_ != nullptr && stop_->given()) {
            problem_ = kStopped;
            return nullptr;
        }
        CalendarGuest* const next = first_to_run();
        if (next == nullptr || next->requested_ns() <= now_ns()) return next;
        let_time_pass(*next);
    }
}

/// Those of one moment together, to each guest. What else happens at that moment happens before.
bool Calendar::deliver_interrupts() {
    for (const auto& guest : guests_)
        if (!guest->ended() && !guest->interrupt() && !go_on_without(*guest)) return false;
    return true;
}

/// Of those that want to run at the same time, the one that follows the last one that ran: who asks
/// for the present time again and again does not keep the others from it.
CalendarGuest* Calendar::first_to_run() const {
    CalendarGuest* first = nullptr;
    for (std::size_t i = 1; i <= guests_.size(); ++i) {
        CalendarGuest& guest =
            *guests_[(ran_last_.value_or(guests_.size() - 1) + i) % guests_.size()];
        if (!guest.ended() && (first == nullptr || guest.requested_ns() < first->requested_ns()))
            first = &guest;
    }
    return first;
}

/// Until the guest's time has come, or an interrupt for any of them.
void Calendar::let_time_pass(const CalendarGuest& next) {
    const util::TimePs at = to_ps(next.requested_ns());
    if (at == util::kNever)
        wait(interrupts_);
    else
        wait(time_.to_sc(at - time_.now()), interrupts_);
}

std::size_t Calendar::number_of(const CalendarGuest& guest) const {
    const auto is_it = [&](const auto& other) { return other.get() == &guest; };
    return static_cast<std::size_t>(std::find_if(guests_.begin(), guests_.end(), is_it) -
                                    guests_.begin());
}

/// One guest that has ended leaves the others; one that cannot go on ends all.
bool Calendar::go_on_without(const CalendarGuest& guest) {
    if (guest.ended()) return true;
    problem_ = guest.problem();
    if (guests_.size() > 1 && problem_ != kStopped)
        problem_.insert(0, "guest " + std::to_string(number_of(guest)) + ": ");
    return false;
}

/// All that can happen at this moment happens.
void Calendar::settle() {
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    while (sc_core::sc_pending_activity_at_current_time(kernel)) wait(sc_core::SC_ZERO_TIME);
}

std::uint64_t Calendar::next_event_ns() const {
    const auto* kernel = sc_core::sc_get_curr_simcontext();
    if (!sc_core::sc_pending_activity(kernel)) return std::numeric_limits<std::uint64_t>::max();
    return (time_.now() + time_.to_ps(sc_core::sc_time_to_pending_activity(kernel))) /
           util::kPsPerNs;
}

std::uint64_t Calendar::settle_for(const CalendarGuest& guest) {
    settle();
    std::uint64_t limit = next_event_ns();
    for (const auto& other : guests_) {
        if (other->ended()) continue;
        if (other->any_interrupt_due()) return now_ns();
        if (other.get() != &guest) limit = std::min(limit, other->requested_ns());
    }
    return std::max(limit, now_ns());
}

std::string Calendar::await_any(std::vector<pollfd>& sources, std::size_t& first) {
    // A signal ends the simulation also while the guest is silent.
    sources.insert(sources.begin(), {stop_ != nullptr ? stop_->fd() : -1, POLLIN, 0});
    int ready = ::poll(sources.data(), sources.size(), kMomentMs);
    // Who asks again and again by a signal how it stands makes the patience no longer.
    std::optional<Clock::time_point> end;
    while (ready == 0 || (ready < 0 && errno == EINTR)) {
        if (paused_) paused_();
        if (!end) end = Clock::now() + params_.patience;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end - Clock::now()).count();
        if (left <= 0)
            return "the guest has not asked for time for " +
                   std::to_string(params_.patience.count() / 1000) +
                   " s: something in it runs in a loop, which takes no simulated time";
        ready = ::poll(sources.data(), sources.size(), static_cast<int>(left));
    }
    if (ready < 0) return std::string{"poll: "} + std::strerror(errno);
    if (sources.front().revents != 0) return kStopped;
    const auto any = [](const pollfd& source) { return source.revents != 0; };
    first = static_cast<std::size_t>(std::find_if(sources.begin(), sources.end(), any) -
                                     sources.begin()) -
            1;
    return {};
}

}  // namespace platform::uml
