// SPDX-License-Identifier: Apache-2.0
// A guest's turn, and what it and its devices may do to each other meanwhile.
#include "platform/uml/calendar_guest.h"

#include <algorithm>

#include "platform/uml/calendar.h"

namespace platform::uml {

namespace {

constexpr const char* kEnded = "the guest has ended";

}  // namespace

CalendarGuest::CalendarGuest(Calendar& calendar, GuestProcess& process)
    : calendar_(calendar), process_(process), listening_(process.take_calendar()) {}

/// Who closes a connection is at its end, or has been ended.
bool CalendarGuest::good(const std::string& problem) {
    if (problem.empty()) return true;
    ended_ = ended_ || guest_.closed();
    if (!ended_) problem_ = problem;
    return false;
}

bool CalendarGuest::run() {
    return good(run_until_it_waits());
}

std::string CalendarGuest::run_until_it_waits() {
    if (started_) {
        const std::uint64_t now = calendar_.now_ns();
        free_until_ns_ = std::min(now + calendar_.params().window_ns, calendar_.settle_for(*this));
        if (free_until_ns_ > now) append(CalendarOp::kFreeUntil, free_until_ns_);
        append(CalendarOp::kRun, requested_ns_);
        if (std::string wrong = send(); !wrong.empty()) return wrong;
    }
    waiting_ = false;
    while (!waiting_)
        if (std::string wrong = serve_any(); !wrong.empty()) return wrong;
    return {};
}

/// One message, of its calendar first: it says what time it is before it does something.
std::string CalendarGuest::serve_any() {
    sources_.clear();
    watch(guest_ ? guest_.fd() : listening_->fd());
    for (const PciDevice* device : devices_) watch(device->gone() ? -1 : device->fd());
    watch(process_.fd());
    std::size_t ready = 0;
    if (std::string wrong = calendar_.await_any(sources_, ready); !wrong.empty()) return wrong;
    if (ready == 0) return guest_ ? take_message() : connect();
    if (ready - 1 < devices_.size()) return serve(*devices_[ready - 1]);
    ended_ = true;
    return kEnded;
}

/// A guest may leave a device, and live on without it.
std::string CalendarGuest::serve(PciDevice& device) {
    const std::string wrong = device.serve(*this);
    return device.gone() ? "" : wrong;
}

bool CalendarGuest::interrupt() {
    for (PciDevice* device : devices_)
        if (!device->gone() && !good(device->interrupt(*this))) return false;
    return true;
}

bool CalendarGuest::any_interrupt_due() const {
    return std::any_of(devices_.begin(), devices_.end(), [](const PciDevice* device) {
        return !device->gone() && device->any_due();
    });
}

std::string CalendarGuest::await(int fd) {
    for (;;) {
        sources_.clear();
        watch(guest_.fd());
        watch(fd);
        watch(process_.fd());
        std::size_t ready = 0;
        if (std::string wrong = calendar_.await_any(sources_, ready); !wrong.empty()) return wrong;
        if (ready == 1) return {};
        if (ready == 2) {
            ended_ = true;
            return kEnded;
        }
        if (std::string wrong = take_message(); !wrong.empty()) return wrong;
    }
}

std::string CalendarGuest::after_access() {
    const std::uint64_t limit = calendar_.settle_for(*this);
    if (free_until_ns_ <= limit) return {};
    free_until_ns_ = limit;
    append(CalendarOp::kFreeUntil, limit);
    std::string wrong = send();
    // It must know before it goes on.
    while (wrong.empty() && acks_due_ != 0) wrong = take_message();
    return wrong;
}

}  // namespace platform::uml
