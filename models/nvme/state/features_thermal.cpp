// SPDX-License-Identifier: Apache-2.0
// The feature Host Controlled Thermal Management.
#include "models/nvme/state/features.h"

namespace nvme {
using spec::FeatureId;

/// Each threshold is 0 or one that Identify Controller allows, and the second is above the first.
/// [NVMe-Base-2.0 5.27.1.13 Host Controlled Thermal Management]
Outcome Features::check_thermal(std::uint32_t value) const {
    using T = spec::ThermalManagementCdw11;
    const auto tmt1 = T::from(value).get<T::Tmt1>(), tmt2 = T::from(value).get<T::Tmt2>();
    const auto invalid = [](const char* reason, std::uint64_t kelvin, spec::Location field) {
        return CommandError{spec::StatusCode::kInvalidField, reason, kelvin, true, field};
    };
    const auto allowed = [this](std::uint32_t kelvin) {
        return kelvin == 0 ||
               (kelvin >= params_.hctm_min_temperature && kelvin <= params_.hctm_max_temperature);
    };
    if (!allowed(tmt1)) return invalid("TMT1 is not MNTMT to MXTMT", tmt1, T::at<T::Tmt1>());
    if (!allowed(tmt2)) return invalid("TMT2 is not MNTMT to MXTMT", tmt2, T::at<T::Tmt2>());
    if (tmt1 != 0 && tmt2 != 0 && tmt1 >= tmt2)
        return invalid("TMT1 is not below TMT2", tmt1, T::at<T::Tmt1>());
    return Done{};
}

ThermalThresholds Features::thermal_thresholds() const {
    using T = spec::ThermalManagementCdw11;
    if (!has_thermal_management(params_)) return {};
    const auto value = T::from(current(FeatureId::kHostControlledThermalManagement));
    return {static_cast<std::uint16_t>(value.get<T::Tmt1>()),
            static_cast<std::uint16_t>(value.get<T::Tmt2>())};
}

}  // namespace nvme
