// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/controller_runtime.h"

#include <utility>

namespace nvme {

std::string ControllerRuntime::add_namespace(const NamespaceConfig& ns,
                                             std::unique_ptr<media::BlockStore> store) {
    return subsystem().add(ns, std::move(store));
}

bool ControllerRuntime::remove_namespace(std::uint32_t nsid) {
    return subsystem().remove(nsid);
}

std::string ControllerRuntime::resize_namespace(std::uint32_t nsid, std::uint64_t bytes) {
    return subsystem().resize(nsid, bytes);
}

std::string ControllerRuntime::set_health(const HealthState& health) {
    return subsystem().set_health(health);
}

std::string ControllerRuntime::retrain_link(unsigned gen, unsigned lanes,
                                            std::uint64_t retrain_ns) {
    if (gen > 6) return "gen = " + std::to_string(gen) + ": must be 0 to 6";
    if (lanes > 16 || (lanes & (lanes - 1)) != 0)
        return "lanes = " + std::to_string(lanes) + ": must be 0, 1, 2, 4, 8 or 16";
    module_.retrain_link({gen, lanes}, util::from_ns(retrain_ns));
    return {};
}

void ControllerRuntime::report_error(spec::AsyncErrorInfo info) {
    module_.core().report_error(info,
                                {spec::StatusCode::kInternalError, "reported by the platform"});
}

void ControllerRuntime::power_cut() {
    subsystem().set_power(false);
}

void ControllerRuntime::power_on() {
    subsystem().set_power(true);
}

std::vector<std::uint32_t> ControllerRuntime::power_cycle() {
    std::vector<std::uint32_t> refused = subsystem().complete_caches();
    if (!model().powered()) return refused;
    power_cut();
    power_on();
    return refused;
}

}  // namespace nvme
