// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "models/util/time.h"

namespace nvme {

/// The temperatures of the feature Host Controlled Thermal Management, in kelvin; 0: none.
struct ThermalThresholds {
    std::uint16_t tmt1 = 0, tmt2 = 0;
};

/// Host Controlled Thermal Management: how hot the controller is by the host's two thresholds, how
/// often it has become so, and how long it was. Survives resets and power cycles.
/// [NVMe-Base-2.0 8.15.5 Host Controlled Thermal Management]
class ThermalManagement {
public:
    enum class Level : std::uint8_t { kNone, kLight, kHeavy };

    /// What has been entered at a threshold is left when the temperature is more than `hysteresis`
    /// kelvin below it.
    explicit ThermalManagement(std::uint16_t hysteresis) : hysteresis_(hysteresis) {}

    /// From `now` on. 0 kelvin while the controller has no power.
    Level update(util::TimePs now, std::uint16_t kelvin, ThermalThresholds thresholds) {
        spent_[index(level_)] += now - since_;
        since_ = now;
        const Level before = level_;
        const auto in = [&](std::uint16_t threshold, Level level) {
            const unsigned slack = before >= level ? hysteresis_ : 0u;
            return threshold != 0 && kelvin != 0 && kelvin + slack >= threshold;
        };
        level_ = in(thresholds.tmt2, Level::kHeavy)   ? Level::kHeavy
                 : in(thresholds.tmt1, Level::kLight) ? Level::kLight
                                                      : Level::kNone;
        if (level_ > before && entered_[index(level_)] != kMost) ++entered_[index(level_)];
        return level_;
    }

    /// How often `level` was entered from a lower one.
    [[nodiscard]] std::uint32_t transitions(Level level) const { return entered_[index(level)]; }
    [[nodiscard]] std::uint32_t seconds(Level level, util::TimePs now) const {
        const util::TimePs more = level == level_ ? now - since_ : 0;
        return static_cast<std::uint32_t>((spent_[index(level)] + more) / util::kPsPerS);
    }

private:
    static constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
    static std::size_t index(Level level) { return static_cast<std::size_t>(level); }

    const std::uint16_t hysteresis_;
    Level level_ = Level::kNone;
    util::TimePs since_ = 0;
    std::array<std::uint32_t, 3> entered_{};
    std::array<util::TimePs, 3> spent_{};
};

}  // namespace nvme
