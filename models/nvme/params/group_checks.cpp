// SPDX-License-Identifier: Apache-2.0
// What a group of parameters has to fulfil, beyond the ranges that its visit() names.
#include <algorithm>

#include "models/nvme/params/params.h"
#include "models/nvme/params/power_states.h"

namespace nvme {
namespace {

using util::ParamProblems;

void check_text(ParamProblems& problems, const char* name, const std::string& text,
                std::size_t most) {
    const bool printable = std::all_of(text.begin(), text.end(),
                                       [](unsigned char c) { return c >= 0x20 && c <= 0x7e; });
    problems.require(name, text, printable && text.size() <= most,
                     "must be at most " + std::to_string(most) + " printable ASCII characters");
}

/// What a feature is by default has to be what a host may set.
void check_thermal_thresholds(ParamProblems& problems, const PowerParams& p) {
    const std::uint16_t least = p.hctm_min_temperature, most = p.hctm_max_temperature;
    const std::uint16_t light = p.hctm_light_temperature, heavy = p.hctm_heavy_temperature;
    problems.require("hctm_max_temperature", most, most >= least,
                     "must not be below hctm_min_temperature (" + std::to_string(least) + ")");
    const auto allowed = [=](std::uint16_t kelvin) {
        return kelvin == 0 || (kelvin >= least && kelvin <= most);
    };
    const std::string range = "must be 0, or hctm_min_temperature to hctm_max_temperature (" +
                              std::to_string(least) + " to " + std::to_string(most) + ")";
    problems.require("hctm_light_temperature", light, allowed(light), range);
    problems.require("hctm_heavy_temperature", heavy, allowed(heavy), range);
    problems.require("hctm_heavy_temperature", heavy, light == 0 || heavy == 0 || heavy > light,
                     "must be 0, or above hctm_light_temperature (" + std::to_string(light) + ")");
}

/// Throttling is a power state in which I/O commands are executed, the heavy one with no more power
/// than the light one.
void check_throttling_states(ParamProblems& problems, const PowerParams& p,
                             const std::vector<PowerState>& states) {
    const auto operational = [&states](std::uint8_t state) {
        return state < states.size() && !states[state].non_operational;
    };
    const std::string rule = "must be an operational state of power_states";
    problems.require("hctm_light_state", p.hctm_light_state, operational(p.hctm_light_state), rule);
    problems.require("hctm_heavy_state", p.hctm_heavy_state, operational(p.hctm_heavy_state), rule);
    problems.require(
        "hctm_heavy_state", p.hctm_heavy_state, p.hctm_heavy_state >= p.hctm_light_state,
        "must not be below hctm_light_state (" + std::to_string(p.hctm_light_state) + ")");
}

}  // namespace

std::vector<std::string> validate(const SubsystemParams& params) {
    ParamProblems problems;
    SubsystemParams::visit(params, problems.check_ranges());
    check_text(problems, "serial_number", params.serial_number, 20);
    check_text(problems, "model_number", params.model_number, 40);
    const std::string& nqn = params.subsystem_nqn;
    check_text(problems, "subsystem_nqn", nqn, 223);
    problems.require("subsystem_nqn", nqn, nqn.empty() || nqn.rfind("nqn.", 0) == 0,
                     "must start with nqn.");
    problems.include(validate(params.media));
    return problems.take();
}

std::vector<std::string> validate(const CapabilityParams& params) {
    ParamProblems problems;
    CapabilityParams::visit(params, problems.check_ranges());
    check_text(problems, "firmware_revision", params.firmware_revision, 8);
    problems.require(
        "controller_id", params.controller_id,
        params.controller_id <= kMaxControllerId || params.controller_id == kDerivedControllerId,
        "must be up to 65519, or 65535");
    return problems.take();
}

std::vector<std::string> validate(const PowerParams& params) {
    ParamProblems problems;
    PowerParams::visit(params, problems.check_ranges());
    problems.require("critical_temperature", params.critical_temperature,
                     params.critical_temperature >= params.warning_temperature,
                     "must not be below warning_temperature (" +
                         std::to_string(params.warning_temperature) + ")");
    const PowerTable table = parse_power_states(params.power_states);
    for (const std::string& problem : table.problems)
        problems.include({"power_states = \"" + params.power_states + "\": " + problem});
    if (has_thermal_management(params)) {
        check_thermal_thresholds(problems, params);
        if (table.problems.empty()) check_throttling_states(problems, params, table.states);
    }
    return problems.take();
}

std::vector<std::string> validate(const TimeParams& params) {
    ParamProblems problems;
    TimeParams::visit(params, problems.check_ranges());
    // CAP.TO is what a driver waits for; a controller that takes longer is broken by design.
    const std::uint64_t ready_ns = params.ready_timeout * 500'000'000ull;
    const std::string rule = "must not exceed ready_timeout (" + std::to_string(ready_ns) + " ns)";
    problems.require("enable_time_ns", params.enable_time_ns, params.enable_time_ns <= ready_ns,
                     rule);
    problems.require("disable_time_ns", params.disable_time_ns, params.disable_time_ns <= ready_ns,
                     rule);
    return problems.take();
}

std::vector<std::string> validate(const PciParams& params) {
    ParamProblems problems;
    PciParams::visit(params, problems.check_ranges());
    problems.include(validate(params.link));
    return problems.take();
}

}  // namespace nvme
