// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "models/util/time.h"
#include "traces/analysis/command.h"

namespace analysis {

/// What one lane of a queue in a waveform shows, one command after another. Its steps are those of
/// observe::VcdStep: 0 none, 1 doorbell, 2 fetch, ... 6 completion, 7 until the host has taken it.
class WaveLane {
public:
    static constexpr std::size_t kNoCommand = ~std::size_t{0};

    /// What the lane shows at the end of an instant, and what happened in it.
    struct Moment {
        util::TimePs now;
        unsigned step;
        std::uint16_t cid;
        bool rung;  ///< the doorbell of its submission queue
    };

    /// Does it show another command, or none, instead of the one before?
    [[nodiscard]] bool leaves(const Moment& m) const;
    /// Is it one that was not there before, and is fetched now?
    [[nodiscard]] bool begins(const Moment& m) const {
        return m.step >= kFetch && command_ == kNoCommand && !old_;
    }
    [[nodiscard]] bool completes(const Moment& m) const {
        return m.step == kTaken && command_ != kNoCommand && !completed_;
    }
    /// The lane shows this from now on.
    void pass(const Moment& m);
    /// What it shows when the waveform begins, of which nobody knows since when.
    void begin_with(const Moment& m);

    void take(std::size_t command, const Moment& m) {
        command_ = command;
        cid_ = m.cid;
    }
    void set_completed() { completed_ = true; }
    /// What it has shown before is over.
    void forget();

    [[nodiscard]] std::size_t command() const { return command_; }
    [[nodiscard]] bool completed() const { return completed_; }
    [[nodiscard]] bool old() const { return old_; }
    /// Has the host rung just when the lane was taken?
    [[nodiscard]] bool knows_doorbell() const { return knows_doorbell_; }
    /// Time in a step.
    [[nodiscard]] util::TimePs spent(unsigned step) const { return spent_[step]; }
    /// Its stages from the fetch to the completion.
    void give_stages(Command& command) const;

    static constexpr unsigned kDoorbell = 1, kFetch = 2, kTaken = 7;

private:
    std::size_t command_ = kNoCommand;
    util::TimePs since_ = 0;
    std::array<util::TimePs, 8> spent_{};
    unsigned step_ = 0;
    std::uint16_t cid_ = 0;
    bool old_ = false;  // began before the waveform
    bool completed_ = false, knows_doorbell_ = false;
};

}  // namespace analysis
