// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "models/observe/trace.h"
#include "traces/driver/flight.h"
#include "traces/driver/init_steps.h"
#include "traces/driver/life.h"

namespace driver {

/// Tells the lives of a controller apart, and holds each against the steps of initialisation.
class LifeWatch {
public:
    /// Of more, the steps are counted and the lives are not kept.
    static constexpr std::size_t kMostLives = 1000;

    template <typename E>
    void take(const E&) {}
    void take(const observe::ConfigWrite& e);
    void take(const observe::RegisterWrite& e);
    void take(const observe::RegisterRead& e);
    void take(const observe::StateChange& e);
    void take(const observe::Reset& e);
    void take(const observe::Doorbell& e);
    void take(const observe::CommandFetched& e);
    void take(const observe::QueueChange& e);
    void take(const observe::Interrupt& e);
    void take(const observe::IntxChange& e);
    void take(const observe::InterruptHeld& e);
    void take(const Landing& landing);
    /// No more will come.
    void finish();

    [[nodiscard]] const std::vector<Life>& lives() const { return lives_; }
    /// Those in which the controller was enabled; at least as many as lives().
    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// In which CSTS.RDY became 1.
    [[nodiscard]] std::uint64_t ready_count() const { return ready_count_; }
    /// The driver has reset the controller while it was ready, and it became ready again.
    [[nodiscard]] std::uint64_t recovered() const { return recovered_; }
    [[nodiscard]] const StepTally& steps() const { return steps_; }
    [[nodiscard]] const Life& now() const { return life_; }

private:
    void close(util::TimePs ps);

    Life life_;
    std::vector<Life> lives_;
    std::uint64_t count_ = 0, ready_count_ = 0, recovered_ = 0;
    bool reset_when_ready_ = false;  // the life before ended so, without a shutdown
    StepTally steps_;
    nvme::spec::Cc cc_;
    std::optional<std::uint16_t> command_;
    bool has_commands_ = false;                     // this life
    bool aqa_ = false, asq_ = false, acq_ = false;  // they survive a controller reset
};

}  // namespace driver
