// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/params/params.h"

#include <algorithm>

#include "models/nvme/params/power_states.h"

namespace nvme {
namespace {

void check_text(std::vector<std::string>& problems, const char* name, const std::string& text,
                std::size_t most) {
    const bool printable = std::all_of(text.begin(), text.end(),
                                       [](unsigned char c) { return c >= 0x20 && c <= 0x7e; });
    if (text.size() > most || !printable)
        problems.push_back(std::string(name) + " = \"" + text + "\": must be at most " +
                           std::to_string(most) + " printable ASCII characters");
}

bool power_of_two(std::uint64_t v) {
    return v != 0 && (v & (v - 1)) == 0;
}

}  // namespace

const std::vector<std::string_view>& subsystem_parameters() {
    static const std::vector<std::string_view> names{"ieee_oui",
                                                     "serial_number",
                                                     "model_number",
                                                     "subsystem_nqn",
                                                     "max_namespaces",
                                                     "write_cache_bytes",
                                                     "temperature",
                                                     "available_spare",
                                                     "spare_threshold",
                                                     "percentage_used",
                                                     "media_read_only",
                                                     "reliability_degraded",
                                                     "volatile_backup_failed",
                                                     "media",
                                                     "media_read_ns",
                                                     "media_program_ns",
                                                     "media_cache_write_ns",
                                                     "media_flush_ns",
                                                     "media_deallocate_ns",
                                                     "media_units"};
    return names;
}

std::vector<std::string> validate(const ControllerParams& params) {
    std::vector<std::string> problems;
    visit(params, util::CheckRanges(problems));
    check_text(problems, "serial_number", params.serial_number, 20);
    check_text(problems, "model_number", params.model_number, 40);
    check_text(problems, "firmware_revision", params.firmware_revision, 8);
    check_text(problems, "subsystem_nqn", params.subsystem_nqn, 223);
    if (!params.subsystem_nqn.empty() && params.subsystem_nqn.rfind("nqn.", 0) != 0)
        problems.push_back("subsystem_nqn = \"" + params.subsystem_nqn +
                           "\": must start with nqn.");
    if (params.controller_id > kMaxControllerId && params.controller_id != kDerivedControllerId)
        problems.push_back("controller_id = " + std::to_string(params.controller_id) +
                           ": must be up to 65519, or 65535");
    if (!power_of_two(params.link_lanes))
        problems.push_back("link_lanes = " + std::to_string(params.link_lanes) +
                           ": must be 1, 2, 4, 8 or 16");
    if (!power_of_two(params.link_max_payload))
        problems.push_back("link_max_payload = " + std::to_string(params.link_max_payload) +
                           ": must be 128, 256 or 512");
    if (params.critical_temperature < params.warning_temperature)
        problems.push_back("critical_temperature = " + std::to_string(params.critical_temperature) +
                           ": must not be below warning_temperature (" +
                           std::to_string(params.warning_temperature) + ")");
    for (const std::string& problem : parse_power_states(params.power_states).problems)
        problems.push_back("power_states = \"" + params.power_states + "\": " + problem);
    // CAP.TO is what a driver waits for; a controller that takes longer is broken by design.
    const std::uint64_t ready_ns = params.ready_timeout * 500'000'000ull;
    for (const auto& [name, value] : {std::pair{"enable_time_ns", params.enable_time_ns},
                                      std::pair{"disable_time_ns", params.disable_time_ns}})
        if (value > ready_ns)
            problems.push_back(std::string(name) + " = " + std::to_string(value) +
                               ": must not exceed ready_timeout (" + std::to_string(ready_ns) +
                               " ns)");
    return problems;
}

}  // namespace nvme
