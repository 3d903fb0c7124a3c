// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/params/subsystem_params.h"
#include "models/util/time.h"

namespace nvme {

/// The composite temperature of a drive that its own power heats: with a power P it goes to
/// ambient + P * resistance, by the part 1 - exp(-t / time constant) of what is left in a time t.
///
/// The temperature moves at times that are a 250th of the time constant apart, in each as far as
/// the mean power of the time before it makes it; between them it stays. Integers alone are
/// computed with, so that it is the same on every machine.
class Thermal {
public:
    explicit Thermal(const SubsystemParams& params);

    /// False: the temperature is what the platform says.
    [[nodiscard]] bool on() const { return resistance_ != 0; }

    /// Moves the temperature to `now`. `nanojoules` is all the energy until now; `idle`: its power
    /// will not change before wake_up(). True: kelvin() is another one.
    bool advance(util::TimePs now, std::uint64_t nanojoules, bool idle);
    /// Something else than the power has heated or cooled the drive.
    void set(std::uint16_t kelvin);
    [[nodiscard]] std::uint16_t kelvin() const;

    /// While the power and the temperature stay what they are, nothing has to be done: whoever
    /// changes the power calls advance() and wake_up() before.
    [[nodiscard]] bool asleep() const { return unchanged_ >= kUnchanged; }
    void wake_up() { unchanged_ = 0; }
    /// When advance() has something to do; kNever while it is asleep.
    [[nodiscard]] util::TimePs next() const {
        return asleep() ? util::kNever : util::later(last_, step_);
    }

private:
    static constexpr unsigned kUnchanged = 2;

    const std::uint64_t resistance_;  // mK / W
    const std::int64_t ambient_;      // microkelvin, as every temperature here
    const util::TimePs step_;
    std::int64_t temperature_;
    util::TimePs last_ = 0;
    std::uint64_t energy_ = 0;  // nanojoules until last_
    unsigned unchanged_ = 0;    // steps in which nothing has moved
};

}  // namespace nvme
