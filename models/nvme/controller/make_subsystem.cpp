// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/make_subsystem.h"

#include <utility>

#include "models/media/fixed_timing.h"

namespace nvme {

std::unique_ptr<media::MediaTiming> make_media_timing(const ControllerParams& p) {
    if (p.media == MediaModel::kNone) return nullptr;
    media::FixedTimingParams fixed;
    fixed.read_ns = p.media_read_ns;
    fixed.program_ns = p.media_program_ns;
    fixed.cache_write_ns = p.media_cache_write_ns;
    fixed.flush_ns = p.media_flush_ns;
    fixed.deallocate_ns = p.media_deallocate_ns;
    fixed.units = p.media_units;
    return std::make_unique<media::FixedTiming>(fixed);
}

std::shared_ptr<Subsystem> make_subsystem(const ControllerParams& params, const std::string& nqn) {
    Subsystem::Config config;
    config.nqn = nqn;
    config.serial_number = params.serial_number;
    config.ieee_oui = params.ieee_oui;
    config.max_namespaces = params.max_namespaces;
    config.write_cache_bytes = params.write_cache_bytes;
    HealthState& health = config.health;
    health.composite_kelvin = params.temperature;
    health.sensor_kelvin.fill(params.temperature);
    health.available_spare = params.available_spare;
    health.spare_threshold = params.spare_threshold;
    health.percentage_used = params.percentage_used;
    health.reliability_degraded = params.reliability_degraded;
    health.media_read_only = params.media_read_only;
    health.volatile_backup_failed = params.volatile_backup_failed;
    return std::make_shared<Subsystem>(std::move(config), make_media_timing(params));
}

}  // namespace nvme
