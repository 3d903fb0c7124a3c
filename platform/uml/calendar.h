// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <poll.h>

#include "models/util/sc_time_ps.h"
#include "models/util/sysc_compat.h"
#include "platform/uml/calendar_guest.h"
#include "platform/uml/guest_process.h"
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

/// The SystemC kernel as the calendar of User Mode Linuxes: their code takes no time, and time
/// passes when they ask for it. A guest runs while the simulation stands still, inside of this
/// module's process; the simulation runs while all guests wait, which is a wait of this process. So
/// there is one clock and one order of events, and what guests do is as repeatable as all the rest.
///
/// At one moment the simulation comes first, then interrupts, then one guest after the other in the
/// round of their numbers, each until it waits; after each of them all that follows from what it
/// did.
///
/// The simulation is stopped when all guests have ended, or one of them cannot go on.
class Calendar : public sc_core::sc_module {
public:
    /// With one guest, of number 0.
    Calendar(const sc_core::sc_module_name& name, const CalendarParams& params,
             GuestProcess& guest);

    // Before the simulation begins
    /// One guest more, of the next number; must outlive the simulation.
    void add(GuestProcess& guest);
    /// Of this guest; must outlive the simulation.
    void add(PciDevice& device, std::size_t guest = 0);
    /// Ends the simulation when it is given.
    void stop_at(const vfio_user::StopSignal& signal) { stop_ = &signal; }
    /// Called whenever all guests wait, or one that runs is silent for a moment.
    void on_pause(std::function<void()> call) { paused_ = std::move(call); }

    /// Why a guest could not go on; empty: all have ended by themselves, or go on.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// The guest has ended, and with it all that it asked for.
    [[nodiscard]] bool guest_has_ended(std::size_t guest = 0) const {
        return guests_[guest]->ended();
    }

    // For guests, in the calendar's process
    [[nodiscard]] const CalendarParams& params() const { return params_; }
    [[nodiscard]] std::uint64_t now_ns() const { return round_up_to_ns(time_.now()); }
    /// Lets time pass in which nothing else happens.
    void pass_to(std::uint64_t ns) { wait(time_.to_sc(to_ps(ns) - time_.now())); }
    /// Lets happen what can happen at this moment. After that, nothing but what this guest does
    /// happens before the returned time.
    [[nodiscard]] std::uint64_t settle_for(const CalendarGuest& guest);
    /// Until one of the sources has something, by the clock on the wall: which one is `first`.
    /// Empty, or why nobody waits any longer.
    [[nodiscard]] std::string await_any(std::vector<pollfd>& sources, std::size_t& first);

private:
    NVME_HAS_PROCESS(Calendar);

    void run();
    [[nodiscard]] CalendarGuest* next_turn();
    [[nodiscard]] bool deliver_interrupts();
    [[nodiscard]] CalendarGuest* first_to_run() const;
    void let_time_pass(const CalendarGuest& next);
    void settle();
    [[nodiscard]] bool go_on_without(const CalendarGuest& guest);
    [[nodiscard]] std::size_t number_of(const CalendarGuest& guest) const;
    [[nodiscard]] std::uint64_t next_event_ns() const;

    const CalendarParams params_;
    const util::ScTimePs time_;
    std::vector<std::unique_ptr<CalendarGuest>> guests_;  // by number
    std::optional<std::size_t> ran_last_;                 // number of a guest
    sc_core::sc_event_or_list interrupts_;
    const vfio_user::StopSignal* stop_ = nullptr;
    std::function<void()> paused_;
    std::string problem_;
};

}  // namespace platform::uml
