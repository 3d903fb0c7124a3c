// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/time.h"

namespace nvme {

/// How long the composite temperature has been in the warning and in the critical range while the
/// controller was operational. Survives resets and power cycles.
/// [NVMe-Base-2.0 5.16.1.3 SMART / Health Information, Warning Composite Temperature Time]
class TemperatureTimes {
public:
    /// WCTEMP and CCTEMP, in kelvin.
    TemperatureTimes(std::uint16_t warning, std::uint16_t critical)
        : warning_(warning), critical_(critical) {}

    /// The temperature from `now` on; 0 while the controller has no power.
    void update(util::TimePs now, std::uint16_t kelvin) {
        const Spent spent = until(now);
        spent_ = spent;
        since_ = now;
        kelvin_ = kelvin;
    }
    [[nodiscard]] std::uint32_t warning_minutes(util::TimePs now) const {
        return minutes(until(now).warning);
    }
    [[nodiscard]] std::uint32_t critical_minutes(util::TimePs now) const {
        return minutes(until(now).critical);
    }

private:
    struct Spent {
        util::TimePs warning = 0, critical = 0;
    };
    [[nodiscard]] Spent until(util::TimePs now) const {
        Spent spent = spent_;
        if (kelvin_ >= critical_)
            spent.critical += now - since_;
        else if (kelvin_ >= warning_)
            spent.warning += now - since_;
        return spent;
    }
    static std::uint32_t minutes(util::TimePs t) {
        return static_cast<std::uint32_t>(t / (60 * util::kPsPerS));
    }

    const std::uint16_t warning_, critical_;
    Spent spent_;
    util::TimePs since_ = 0;
    std::uint16_t kelvin_ = 0;
};

}  // namespace nvme
