// SPDX-License-Identifier: Apache-2.0
#include "sc_main/report.h"

#include <iterator>

#include <nlohmann/json.hpp>

#include "sc_main/standard_streams.h"

namespace nvme_vp {

nlohmann::ordered_json begin_report(const char* command, const platform::ProgramConfig& config) {
    nlohmann::ordered_json report{
        {"program", "nvme-vp"}, {"version", NVME_TLM_VERSION}, {"command", command}};
    nlohmann::ordered_json& configuration = report["configuration"];
    configuration = platform::config_to_json(config);
    for (auto it = configuration.begin(); it != configuration.end();)
        it = platform::is_output_option(it.key()) ? configuration.erase(it) : std::next(it);
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
