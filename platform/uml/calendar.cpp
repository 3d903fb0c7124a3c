// SPDX-License-Identifier: Apache-2.0
// Whose turn it is: the guest's or the simulation's.
#include "platform/uml/calendar.h"

#include <algorithm>
#include <limits>

namespace platform::uml {

namespace {

constexpr std::size_t kStackBytes = 256 * 1024;
constexpr const char* kEnded = "the guest has ended";

}  // namespace

Calendar::Calendar(const sc_core::sc_module_name& name, const CalendarParams& params,
                   GuestProcess& guest)
    : sc_module(name), params_(params), process_(guest), listening_(guest.take_calendar()) {
    SC_THREAD(run);
    set_stack_size(kStackBytes);
}

void Calendar::add(PciDevice& device) {
    devices_.push_back(&device);
    interrupts_ |= device.due();
}

void Calendar::run() {
    while (let_guest_run() && let_time_pass()) {
    }
    sc_core::sc_stop();
}

/// Who closes a connection is at its end, or has been ended.
bool Calendar::fail(const std::string& problem) {
    ended_ = ended_ || guest_.closed();
    if (!ended_) problem_ = problem;
    return false;
}

/// Until it waits. Simulated time passes only where the guest says that it has used some.
bool Calendar::let_guest_run() {
    if (started_) {
        free_until_ns_ = std::min(now_ns() + params_.window_ns, next_event_ns());
        if (free_until_ns_ > now_ns()) append(CalendarOp::kFreeUntil, free_until_ns_);
        append(CalendarOp::kRun, requested_ns_);
        if (const std::string wrong = send(); !wrong.empty()) return fail(wrong);
    }
    waiting_ = false;
    while (!waiting_)
        if (const std::string wrong = serve_guest(); !wrong.empty()) return fail(wrong);
    return true;
}

/// One message, of its calendar first: it says what time it is before it does something.
std::string Calendar::serve_guest() {
    watch_calendar();
    const std::size_t first_device = sources_.size();
    for (const PciDevice* device : devices_) watch(device->gone() ? -1 : device->fd());
    watch(process_.fd());
    std::size_t ready = 0;
    if (std::string wrong = await_any(ready); !wrong.empty()) return wrong;
    if (ready < first_device) return guest_ ? take_message() : connect();
    if (ready - first_device < devices_.size()) return serve(*devices_[ready - first_device]);
    ended_ = true;
    return kEnded;
}

/// A guest may leave a device, and live on without it.
std::string Calendar::serve(PciDevice& device) {
    const std::string wrong = device.serve(*this);
    return device.gone() ? "" : wrong;
}

/// Until the guest's time has come, or an interrupt. What else happens at that moment happens
/// before, so that interrupts of one moment reach the guest together.
bool Calendar::let_time_pass() {
    for (;;) {
        if (paused_) paused_();
        settle();
        for (PciDevice* device : devices_) {
            if (device->gone()) continue;
            if (const std::string wrong = device->interrupt(*this); !wrong.empty())
                return fail(wrong);
        }
        if (stop_ != nullptr && stop_->given()) return fail("stopped by a signal");
        const util::TimePs at = to_ps(requested_ns_), now = time_.now();
        if (at <= now) return true;
        if (at == util::kNever)
            wait(interrupts_);
        else
            wait(time_.to_sc(at - now), interrupts_);
    }
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

std::string Calendar::after_access() {
    settle();
    std::uint64_t limit = std::max(next_event_ns(), now_ns());
    for (const PciDevice* device : devices_)
        if (device->any_due()) limit = now_ns();
    if (free_until_ns_ <= limit) return {};
    free_until_ns_ = limit;
    append(CalendarOp::kFreeUntil, limit);
    std::string wrong = send();
    // It must know before it goes on.
    while (wrong.empty() && acks_due_ != 0) wrong = take_message();
    return wrong;
}

}  // namespace platform::uml
