// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/health_state.h"

#include <algorithm>

namespace nvme {

HealthState::HealthState(const SubsystemParams& params)
    : composite_kelvin(params.temperature),
      available_spare(params.available_spare),
      spare_threshold(params.spare_threshold),
      percentage_used(params.percentage_used),
      reliability_degraded(params.reliability_degraded),
      media_read_only(params.media_read_only),
      volatile_backup_failed(params.volatile_backup_failed) {
    sensor_kelvin.fill(params.temperature);
}

std::string problem_of(const HealthState& state) {
    const auto percent = [](const char* name, unsigned value) {
        return std::string(name) + " = " + std::to_string(value) + ": must be 0 to 100";
    };
    if (state.available_spare > 100) return percent("available_spare", state.available_spare);
    if (state.spare_threshold > 100) return percent("spare_threshold", state.spare_threshold);
    const auto& sensors = state.sensor_kelvin;
    // In the log, 0 stands for a sensor that is not there.
    if (state.composite_kelvin == 0 ||
        std::find(sensors.begin(), sensors.end(), 0) != sensors.end())
        return "a temperature of 0 kelvin: must be 1 to 65535";
    return {};
}

HealthState changed(HealthState state, const HealthChange& change) {
    if (change.temperature) {
        state.composite_kelvin = *change.temperature;
        state.sensor_kelvin.fill(*change.temperature);
    }
    const auto put = [](auto& field, const auto& value) { field = value.value_or(field); };
    put(state.available_spare, change.available_spare);
    put(state.spare_threshold, change.spare_threshold);
    put(state.percentage_used, change.percentage_used);
    put(state.reliability_degraded, change.reliability_degraded);
    put(state.media_read_only, change.media_read_only);
    put(state.volatile_backup_failed, change.volatile_backup_failed);
    put(state.pmr_unreliable, change.pmr_unreliable);
    return state;
}

spec::CriticalWarning critical_warning(const HealthState& state, bool temperature) {
    using W = spec::CriticalWarning;
    return W{}
        .with<W::SpareBelowThreshold>(state.available_spare < state.spare_threshold)
        .with<W::Temperature>(temperature)
        .with<W::ReliabilityDegraded>(state.reliability_degraded)
        .with<W::MediaReadOnly>(state.media_read_only)
        .with<W::VolatileBackupFailed>(state.volatile_backup_failed)
        .with<W::PmrUnreliable>(state.pmr_unreliable);
}

}  // namespace nvme
