// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>

#include "models/observe/trace.h"
#include "traces/driver/flight.h"

namespace driver {

/// How a driver used one queue pair number, over all lives of the controller.
struct QueueFigures {
    std::uint32_t submission_entries = 0, completion_entries = 0;  ///< the last size; 0: none
    std::uint64_t commands = 0, completions = 0;
    std::uint64_t tails = 0, heads = 0;  ///< doorbell writes that were accepted
    std::uint32_t in_flight = 0, most_in_flight = 0;
    std::uint64_t full = 0;    ///< times that the submission queue had no room
    std::uint64_t wraps = 0;   ///< times that the completion queue began anew
    std::uint32_t posted = 0;  ///< entries since it did
    bool polled = false;       ///< the completion queue was created without interrupts
};

class QueueUse {
public:
    template <typename E>
    void take(const E&) {}
    void take(const observe::RegisterWrite& e);
    void take(const observe::Doorbell& e);
    void take(const observe::QueueChange& e);
    void take(const observe::QueueLevels& e);
    void take(const observe::CommandFetched& e);
    void take(const observe::CommandCompleted& e);
    void take(const observe::Interrupt&) { ++interrupts_; }
    void take(const observe::IntxChange& e) { interrupts_ += e.asserted ? 1 : 0; }
    void take(const observe::InterruptHeld&) { ++held_; }
    /// The flights have ended without a completion.
    void take(const observe::Reset& e);

    /// By number; 0 is the admin queue.
    [[nodiscard]] const std::map<std::uint16_t, QueueFigures>& queues() const { return queues_; }
    [[nodiscard]] std::uint64_t interrupts() const { return interrupts_; }
    [[nodiscard]] std::uint64_t held() const { return held_; }
    [[nodiscard]] std::uint64_t rejected() const { return rejected_; }
    [[nodiscard]] bool shadow_doorbells() const { return shadow_; }
    /// Commands of I/O queues that were in flight, on average over the time in which there were
    /// any.
    [[nodiscard]] double mean_depth() const;

private:
    void change_depth(util::TimePs ps, std::int64_t by);

    std::map<std::uint16_t, QueueFigures> queues_;
    std::uint64_t interrupts_ = 0, held_ = 0, rejected_ = 0;
    bool shadow_ = false;
    std::uint64_t depth_ = 0;  // of all I/O queues
    util::TimePs since_ = 0;   // it is so
    double busy_ps_ = 0, depth_ps_ = 0;
};

}  // namespace driver
