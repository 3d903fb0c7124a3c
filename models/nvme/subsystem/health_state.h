// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "models/nvme/params/subsystem_params.h"
#include "models/nvme/ports/health_change.h"
#include "models/nvme/spec/logs.h"

namespace nvme {

/// Temperature sensors that a SMART / Health Information log has room for.
inline constexpr std::size_t kTemperatureSensors = 8;

/// The condition of the NVM subsystem's media, spare and sensors. All its controllers report it;
/// a platform or a fault plan moves it with Subsystem::set_health().
/// [NVMe-Base-2.0 5.16.1.3 SMART / Health Information]
struct HealthState {
    HealthState() : HealthState(SubsystemParams{}) {}
    /// As it is at the start.
    explicit HealthState(const SubsystemParams& params);

    std::uint16_t composite_kelvin;
    /// A controller reports as many of them as its parameter temperature_sensors says.
    std::array<std::uint16_t, kTemperatureSensors> sensor_kelvin;
    std::uint8_t available_spare;  ///< percent
    std::uint8_t spare_threshold;  ///< percent
    std::uint8_t percentage_used;  ///< 255: more than 254 percent
    bool reliability_degraded;
    /// All media is read-only: no namespace can be written any more.
    bool media_read_only;
    bool volatile_backup_failed;
    /// There is no Persistent Memory Region here; the warning can be raised nevertheless, for a
    /// driver that has to cope with it.
    bool pmr_unreliable = false;
};

[[nodiscard]] HealthState changed(HealthState state, const HealthChange& change);

/// What is wrong with `state`, or an empty string.
std::string problem_of(const HealthState& state);

/// Critical Warning; whether a temperature is beyond a threshold is the controller's to know.
spec::CriticalWarning critical_warning(const HealthState& state, bool temperature);

}  // namespace nvme
