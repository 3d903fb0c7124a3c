// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "models/nvme/params/power_states.h"
#include "models/util/time.h"

namespace nvme {

/// What a power of `milliwatts` is in `time`, in nanojoules, rounded down.
[[nodiscard]] constexpr std::uint64_t nanojoules(std::uint32_t milliwatts, util::TimePs time) {
    return milliwatts * (time / util::kPsPerUs) +
           milliwatts * (time % util::kPsPerUs) / util::kPsPerUs;
}

/// How long a controller has been in each power state, and what it has consumed there: the idle
/// power while no I/O command is in execution, and the active power while there is one. A
/// transition counts as active time of the state with more power of the two. Without power
/// nothing is consumed.
///
/// Nothing is done while commands come and go: `busy` is for how long there have been commands in
/// execution since the start of the simulation (Health::busy_time()), asked for when it matters.
class EnergyMeter {
public:
    explicit EnergyMeter(const std::vector<PowerState>& states);

    struct Spent {
        util::TimePs idle = 0, active = 0;
        std::uint64_t nanojoules = 0;
    };

    /// The parameters say more of some state's power than its maximum, which stands for what is not
    /// given: an energy without that would be no more than an upper bound.
    [[nodiscard]] bool known() const { return known_; }

    /// From `now` on the controller is on its way to the state `to`, where it will be at `settled`.
    void change(unsigned to, util::TimePs now, util::TimePs settled, util::TimePs busy);
    /// Takes note that a transition is over; to be called at settles_at().
    void settle(util::TimePs now, util::TimePs busy);
    [[nodiscard]] util::TimePs settles_at() const { return settles_at_; }  ///< kNever: it is

    void power_off(util::TimePs now, util::TimePs busy);
    void power_on(util::TimePs now, util::TimePs busy);

    /// Until `now`, by power state; and the sum of it.
    [[nodiscard]] std::vector<Spent> states(util::TimePs now, util::TimePs busy) const;
    [[nodiscard]] std::uint64_t nanojoules(util::TimePs now, util::TimePs busy) const;

private:
    struct State {
        std::uint32_t idle_mw, active_mw;
        Spent spent;
    };
    /// That of a state, with what has come since since_.
    [[nodiscard]] Spent until(unsigned state, util::TimePs now, util::TimePs busy) const;
    void account(util::TimePs now, util::TimePs busy);

    std::vector<State> states_;
    unsigned charged_ = 0;  // the state that counts now
    unsigned target_ = 0;
    util::TimePs settles_at_ = util::kNever;
    util::TimePs since_ = 0, busy_since_ = 0;
    bool powered_ = true, known_ = false;
};

/// What has been consumed since the start of the simulation.
struct Energy {
    std::vector<EnergyMeter::Spent> states;  ///< of the controller; empty: nothing is known
    std::uint64_t media_nanojoules = 0;      ///< of NAND operations; all controllers say the same
    std::uint16_t kelvin = 0;                ///< the composite temperature now

    [[nodiscard]] std::uint64_t nanojoules() const;  ///< of the controller
    [[nodiscard]] util::TimePs time() const;         ///< that it has had power
    /// Of the controller and of the NAND, in watts.
    [[nodiscard]] double mean_watts() const;
};

}  // namespace nvme
