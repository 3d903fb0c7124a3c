// SPDX-License-Identifier: Apache-2.0
#include "sc_main/report.h"

#include <nlohmann/json.hpp>

#include "sc_main/standard_streams.h"

namespace nvme_vp {

nlohmann::ordered_json begin_report(const char* command, const platform::ProgramConfig& config) {
    nlohmann::ordered_json report{
        {"program", "nvme-vp"}, {"version", NVME_TLM_VERSION}, {"command", command}};
    report["configuration"] = platform::config_to_json(config);
    // Where results go, and which, is no part of what was simulated.
    for (const char* output :
         {"vcd", "vcd_signals", "vcd_slots", "vcd_from_ns", "vcd_to_ns", "vcd_trigger",
          "vcd_before_ns", "trace", "trace_binary", "report", "record"})
        report["configuration"].erase(output);
    return report;
}

bool timeline_done(const platform::Timeline& timeline) {
    if (!timeline.problems().empty()) tell_problems(timeline.problems());
    return timeline.problems().empty();
}

bool timelines_done(const Timelines& timelines) {
    bool done = true;
    for (const auto& timeline : timelines) done = timeline_done(*timeline) && done;
    return done;
}

bool committed(platform::OutputFile* file, const std::string& text) {
    return file == nullptr || file->commit(text) || good(file->problem());
}

bool good(const std::string& wrong) {
    if (!wrong.empty()) tell_problems({wrong});
    return wrong.empty();
}

std::string dump_report(const nlohmann::ordered_json& report) {
    constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
    return report.dump(2, ' ', false, kReplace) + "\n";
}

}  // namespace nvme_vp
