// SPDX-License-Identifier: Apache-2.0
#include "sc_main/energy_report.h"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace nvme_vp {

namespace {

double joules(std::uint64_t nanojoules) {
    return static_cast<double>(nanojoules) / 1e9;
}

}  // namespace

nlohmann::ordered_json energy_json(const nvme::Energy& energy) {
    if (energy.states.empty()) return nullptr;
    nlohmann::ordered_json states = nlohmann::ordered_json::array();
    for (const nvme::EnergyMeter::Spent& state : energy.states)
        states.push_back({{"idle_ps", state.idle},
                          {"active_ps", state.active},
                          {"joules", joules(state.nanojoules)}});
    return {{"joules", joules(energy.nanojoules())},
            {"media_joules", joules(energy.media_nanojoules)},
            {"mean_watts", energy.mean_watts()},
            {"kelvin", energy.kelvin},
            {"states", states}};
}

std::string energy_text(const nvme::Energy& energy) {
    if (energy.states.empty()) return {};
    char line[160];
    std::snprintf(line, sizeof line, "energy: %.6g J, %.4g W on average\n",
                  joules(energy.nanojoules() + energy.media_nanojoules), energy.mean_watts());
    return line;
}

}  // namespace nvme_vp
