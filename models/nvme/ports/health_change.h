// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

namespace nvme {

/// Part of a health state: what is given changes it, the rest stays. The fields are called as the
/// parameters of the controller that say what the state is at the start.
struct HealthChange {
    std::optional<std::uint16_t> temperature;  ///< kelvin: composite, and of every sensor
    std::optional<std::uint8_t> available_spare;
    std::optional<std::uint8_t> spare_threshold;
    std::optional<std::uint8_t> percentage_used;
    std::optional<bool> reliability_degraded;
    std::optional<bool> media_read_only;
    std::optional<bool> volatile_backup_failed;
    std::optional<bool> pmr_unreliable;
};

}  // namespace nvme
