// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "models/nvme/params/power_states.h"
#include "models/nvme/ports/result.h"
#include "models/nvme/spec/features.h"
#include "models/observe/trace.h"
#include "models/util/time.h"

namespace nvme {

/// Which power state the controller is in, and what moves it: the host, an I/O command that comes
/// in a non-operational state, time without I/O commands, and heat.
/// [NVMe-Base-2.0 8.15 Power Management]
class PowerManager {
public:
    explicit PowerManager(std::vector<PowerState> states) : states_(std::move(states)) {}

    /// Is called when the state has changed.
    std::function<void(const observe::PowerTransition&)> on_change;

    [[nodiscard]] const std::vector<PowerState>& states() const { return states_; }
    /// The state the controller is in, or on its way to.
    [[nodiscard]] unsigned current() const {
        return non_operational() ? wanted_ : std::max(wanted_, least_);
    }
    [[nodiscard]] bool non_operational() const { return io_from_ == util::kNever; }

    /// The host wants `state`, which must be one of states(). The transition begins when the one
    /// before has ended; returns when the controller will be there.
    util::TimePs enter(unsigned state, util::TimePs now) { return move(state, now, Cause::kHost); }

    /// Thermal management wants `state`, one of the operational ones, or one with less power. It
    /// is entered at once, and left when this is called with 0; what the host wants stays.
    void limit(unsigned state, util::TimePs now);

    /// I/O commands are there: a non-operational state is left for the last operational one.
    void io_arrived(util::TimePs now) {
        active_ = std::max(active_, now);
        if (non_operational()) move(last_operational_, now, Cause::kIo);
    }
    /// Before this time no I/O command is fetched; kNever in a non-operational state.
    [[nodiscard]] util::TimePs io_from() const { return io_from_; }

    // Autonomous Power State Transition.
    /// Entries of states that do not exist, or that lead to an operational state, are refused.
    /// Idle time before `now` does not count.
    Outcome set_transitions(const spec::AutonomousTransitions& table, bool enabled,
                            util::TimePs now);
    [[nodiscard]] const spec::AutonomousTransitions& transitions() const { return transitions_; }
    [[nodiscard]] bool autonomous() const { return autonomous_; }
    /// Makes every transition that is due. `idle_since`: when the last I/O command ended, empty
    /// while there is one. Returns when the next is due if no command comes.
    util::TimePs step(util::TimePs now, std::optional<util::TimePs> idle_since);

    /// Controller level reset: state 0, no autonomous transitions.
    void reset(util::TimePs now);

private:
    using Cause = observe::PowerCause;
    util::TimePs move(unsigned state, util::TimePs now, Cause cause);
    void tell(unsigned from, util::TimePs now, Cause cause) const;
    [[nodiscard]] util::TimePs due(util::TimePs idle_since) const;

    const std::vector<PowerState> states_;
    unsigned wanted_ = 0, last_operational_ = 0;
    unsigned least_ = 0;        // limit()
    util::TimePs settled_ = 0;  // end of the last transition
    util::TimePs io_from_ = 0;
    util::TimePs active_ = 0;  // the last doorbell, or when idle time began to count
    spec::AutonomousTransitions transitions_{};
    bool autonomous_ = false;
};

}  // namespace nvme
