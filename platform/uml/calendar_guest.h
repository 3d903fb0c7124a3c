// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <poll.h>

#include "platform/uml/calendar_protocol.h"
#include "platform/uml/guest_process.h"
#include "platform/uml/guest_socket.h"
#include "platform/uml/pci_device.h"
#include "platform/vfio_user/listening_socket.h"

namespace platform::uml {

class Calendar;

/// One guest of a calendar: its connection, the time that it has asked for, and its devices. All of
/// it in the calendar's process.
class CalendarGuest final : private GuestTime {
public:
    CalendarGuest(Calendar& calendar, GuestProcess& process);

    void add(PciDevice& device) { devices_.push_back(&device); }

    /// When it wants to run; not before it waits.
    [[nodiscard]] std::uint64_t requested_ns() const { return requested_ns_; }
    /// Its turn, at the time that it has requested: until it waits. Simulated time passes only
    /// where the guest says that it has used some. False: it has ended, or cannot go on.
    [[nodiscard]] bool run();
    /// Hands over the interrupts that are due, after which it wants to run now. Only while it
    /// waits. False as for run().
    [[nodiscard]] bool interrupt();
    [[nodiscard]] bool any_interrupt_due() const;

    /// It does nothing any more, and nothing can be done to it.
    [[nodiscard]] bool ended() const { return ended_; }
    /// Why it cannot go on; empty: it has ended by itself, or goes on.
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    [[nodiscard]] std::string run_until_it_waits();
    [[nodiscard]] std::string serve_any();
    [[nodiscard]] std::string serve(PciDevice& device);
    [[nodiscard]] bool good(const std::string& problem);

    // GuestTime
    std::string await(int fd) override;
    std::string after_access() override;

    // What it says (calendar_messages.cpp)
    [[nodiscard]] std::string connect();
    [[nodiscard]] std::string take_message();
    [[nodiscard]] std::string answer(const CalendarMessage& message);
    [[nodiscard]] std::string update(std::uint64_t to_ns);
    void append(CalendarOp op, std::uint64_t time_ns);
    [[nodiscard]] std::string send();
    void watch(int fd) { sources_.push_back({fd, POLLIN, 0}); }

    Calendar& calendar_;
    GuestProcess& process_;
    std::vector<PciDevice*> devices_;

    std::unique_ptr<vfio_user::ListeningSocket> listening_;
    GuestSocket guest_;
    std::vector<pollfd> sources_;
    std::vector<CalendarMessage> to_send_;
    std::uint32_t seq_ = 0;
    unsigned acks_due_ = 0;

    bool started_ = false;
    bool waiting_ = false;             // in WAIT
    std::uint64_t requested_ns_ = 0;   // when it wants to run
    std::uint64_t free_until_ns_ = 0;  // it may come to any time before
    std::string problem_;
    bool ended_ = false;
};

}  // namespace platform::uml
