// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/make_subsystem.h"

#include <utility>

#include <systemc>

#include "models/nvme/controller/identity.h"

namespace nvme {

std::shared_ptr<Subsystem> make_subsystem(const ControllerParams& params) {
    Subsystem::Config config;
    config.nqn = params.subsystem_nqn;
    if (config.nqn.empty()) {
        // A kernel object only for its name: hierarchical, and unique in the simulation.
        const sc_core::sc_event here(sc_core::sc_gen_unique_name("nvme_subsystem"));
        config.nqn = with_identity(params, here.name()).subsystem_nqn;
    }
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
    return std::make_shared<Subsystem>(std::move(config));
}

}  // namespace nvme
