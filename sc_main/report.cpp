// SPDX-License-Identifier: Apache-2.0
#include "sc_main/report.h"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace nvme_vp {

nlohmann::ordered_json begin_report(const char* command, const platform::ProgramConfig& config) {
    nlohmann::ordered_json report{
        {"program", "nvme-vp"}, {"version", NVME_TLM_VERSION}, {"command", command}};
    report["configuration"] = platform::config_to_json(config);
    // Where results go is no part of what was simulated.
    for (const char* output : {"vcd", "trace", "report", "record"})
        report["configuration"].erase(output);
    return report;
}

bool timeline_done(const platform::Timeline& timeline) {
    for (const std::string& problem : timeline.problems())
        std::fprintf(stderr, "nvme-vp: %s\n", problem.c_str());
    return timeline.problems().empty();
}

bool timelines_done(const Timelines& timelines) {
    bool done = true;
    for (const auto& timeline : timelines) done = timeline_done(*timeline) && done;
    return done;
}

bool good(const std::string& wrong) {
    if (!wrong.empty()) std::fprintf(stderr, "nvme-vp: %s\n", wrong.c_str());
    return wrong.empty();
}

std::string dump_report(const nlohmann::ordered_json& report) {
    constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
    return report.dump(2, ' ', false, kReplace) + "\n";
}

}  // namespace nvme_vp
