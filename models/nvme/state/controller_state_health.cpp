// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "models/nvme/state/controller_state.h"

namespace nvme {

spec::CriticalWarning ControllerState::critical_warning() const {
    const HealthState& state = subsystem.health();
    return nvme::critical_warning(state, features.temperature_condition(state));
}

void ControllerState::update_critical_warning() {
    record_health();
    events.set_critical_warning(critical_warning());
    environment.wake({Process::Kind::kAdmin}, now());
}

void ControllerState::set_trace(observe::TraceSink* sink) {
    trace = sink;
    details = sink != nullptr && sink->wants_details() ? sink : nullptr;
    recorded_health_ = {};
    record_health();  // what it is at the start
}

/// What the platform says, and the wear that the media counts.
std::uint8_t ControllerState::percentage_used() const {
    const double used =
        subsystem.health().percentage_used + subsystem.media_statistics().used_percent;
    return static_cast<std::uint8_t>(std::min(255.0, used));
}

void ControllerState::record_health() {
    if (trace == nullptr) return;
    const HealthState& state = subsystem.health();
    const observe::HealthLevels levels{now(), critical_warning().raw, state.composite_kelvin,
                                       state.available_spare, percentage_used()};
    const auto content = [](const observe::HealthLevels& l) {
        return std::tie(l.critical_warning, l.kelvin, l.available_spare, l.percentage_used);
    };
    if (content(levels) == content(recorded_health_)) return;
    recorded_health_ = levels;
    trace->record(levels);
}

// What thermal management enters are power states, and it does so at once.
void ControllerState::temperature_changed(util::TimePs at, bool powered) {
    using Level = ThermalManagement::Level;
    const std::uint16_t kelvin = powered ? subsystem.health().composite_kelvin : std::uint16_t{0};
    temperature_times.update(at, kelvin);
    const Level level = thermal_management.update(at, kelvin, features.thermal_thresholds());
    power.limit(level == Level::kHeavy   ? params.hctm_heavy_state
                : level == Level::kLight ? params.hctm_light_state
                                         : 0u,
                at);
}

// [NVMe-Base-2.0 5.16.1.3 SMART / Health Information]: no endurance group.
spec::SmartLog ControllerState::smart_log() const {
    const HealthState& state = subsystem.health();
    spec::SmartLog log = health.log(now(), errors.count());
    log.critical_warning = critical_warning().raw;
    log.composite_temperature[0] = static_cast<std::uint8_t>(state.composite_kelvin);
    log.composite_temperature[1] = static_cast<std::uint8_t>(state.composite_kelvin >> 8);
    log.available_spare = state.available_spare;
    log.available_spare_threshold = state.spare_threshold;
    log.percentage_used = percentage_used();
    log.warning_temperature_time = temperature_times.warning_minutes(now());
    log.critical_temperature_time = temperature_times.critical_minutes(now());
    using Level = ThermalManagement::Level;
    log.tmt1_transitions = thermal_management.transitions(Level::kLight);
    log.tmt2_transitions = thermal_management.transitions(Level::kHeavy);
    log.tmt1_time = thermal_management.seconds(Level::kLight, now());
    log.tmt2_time = thermal_management.seconds(Level::kHeavy, now());
    std::copy_n(state.sensor_kelvin.begin(), params.temperature_sensors, log.temperature_sensor);
    return log;
}

}  // namespace nvme
