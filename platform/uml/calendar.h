// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <poll.h>

#include "models/util/sc_time_ps.h"
#include "models/util/sysc_compat.h"
#include "platform/uml/calendar_protocol.h"
#include "platform/uml/guest_process.h"
#include "platform/uml/guest_socket.h"
#include "platform/uml/pci_device.h"
#include "platform/vfio_user/stop_signal.h"

namespace platform::uml {

struct CalendarParams {
    /// With a guest that does not ask for time, by the clock on the wall.
    std::chrono::milliseconds patience{60'000};
    /// A guest may come so far by itself at a time. More than a device takes to answer costs one
    /// message more for each access; less, more messages for all that a guest does by itself.
    std::uint64_t window_ns = 20'000;
};

/// The SystemC kernel as the calendar of a User Mode Linux: its code takes no time, and time passes
/// when it asks for it. The guest runs while the simulation stands still, inside of this module's
/// process; the simulation runs while the guest waits, which is a wait of this process. So there is
/// one clock and one order of events, and what the guest does is as repeatable as all the rest.
class Calendar : public sc_core::sc_module, private GuestTime {
public:
    Calendar(const sc_core::sc_module_name& name, const CalendarParams& params,
             GuestProcess& guest);

    /// Of the guest; must outlive the simulation. Before it begins.
    void add(PciDevice& device);
    /// Ends the simulation when it is given.
    void stop_at(const vfio_user::StopSignal& signal) { stop_ = &signal; }
    /// Called whenever the guest begins to wait, or is silent for a moment.
    void on_pause(std::function<void()> call) { paused_ = std::move(call); }

    /// Why the guest could not go on; empty: it has ended by itself, or goes on.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// The simulation was stopped because the guest has ended.
    [[nodiscard]] bool guest_has_ended() const { return ended_; }

private:
    NVME_HAS_PROCESS(Calendar);

    void run();
    [[nodiscard]] bool let_guest_run();
    [[nodiscard]] bool let_time_pass();
    [[nodiscard]] std::string serve_guest();
    [[nodiscard]] std::string serve(PciDevice& device);
    [[nodiscard]] bool fail(const std::string& problem);

    // What arrives (calendar_messages.cpp)
    void watch(int fd) { sources_.push_back({fd, POLLIN, 0}); }
    void watch_calendar();
    [[nodiscard]] std::string await_any(std::size_t& first);
    [[nodiscard]] std::string take_message();
    [[nodiscard]] std::string answer(const CalendarMessage& message);
    [[nodiscard]] std::string update(std::uint64_t to_ns);
    [[nodiscard]] std::string connect();
    void append(CalendarOp op, std::uint64_t time_ns);
    [[nodiscard]] std::string send();

    // GuestTime
    std::string await(int fd) override;
    std::string after_access() override;

    [[nodiscard]] std::uint64_t now_ns() const { return round_up_to_ns(time_.now()); }
    [[nodiscard]] std::uint64_t next_event_ns() const;
    void settle();

    const CalendarParams params_;
    const util::ScTimePs time_;
    GuestProcess& process_;
    std::vector<PciDevice*> devices_;
    sc_core::sc_event_or_list interrupts_;
    const vfio_user::StopSignal* stop_ = nullptr;
    std::function<void()> paused_;

    std::unique_ptr<vfio_user::ListeningSocket> listening_;
    GuestSocket guest_;
    std::vector<pollfd> sources_;
    std::vector<CalendarMessage> to_send_;
    std::uint32_t seq_ = 0;
    unsigned acks_due_ = 0;

    bool started_ = false;
    bool waiting_ = false;             // the guest, in WAIT
    std::uint64_t requested_ns_ = 0;   // when it wants to run
    std::uint64_t free_until_ns_ = 0;  // it may come to any time before
    std::string problem_;
    bool ended_ = false;
};

}  // namespace platform::uml
