// SPDX-License-Identifier: Apache-2.0
#include "sc_main/driver_command.h"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "platform/config/fault_plan.h"
#include "platform/config/output_file.h"
#include "sc_main/standard_streams.h"
#include "traces/analysis/trace_input.h"
#include "traces/driver/behaviours.h"
#include "traces/driver/driver_report.h"
#include "traces/driver/life_filter.h"
#include "traces/driver/report_forms.h"

namespace nvme_vp {

namespace {

/// False: the trace cannot be read. `note` is what of it is missing; that is told, too.
bool read_profile(CommandLine& line, driver::DriverProfile& profile, std::string& note) {
    const DriverRequest& request = line.driver;
    std::error_code ignored;
    if (std::filesystem::equivalent(request.trace, request.output, ignored)) {
        line.problems.push_back("--output = \"" + request.output + "\": is the trace itself");
        return false;
    }
    driver::LifeFilter filter(request.lives, profile);
    const analysis::ReadResult read = analysis::read_trace(request.trace, filter);
    profile.finish();
    if (!read.refused.empty()) {
        line.problems.push_back(read.refused);
        return false;
    }
    note = read.damaged;
    if (!note.empty()) tell_problems({request.trace + ": " + note});
    return true;
}

bool deliver(CommandLine& line, const std::string& text) {
    if (line.driver.output == "-") {
        tell(stdout, text);
        return true;
    }
    platform::OutputFile file(line.driver.output);
    if (file.problem().empty() && file.commit(text)) return true;
    line.problems.push_back(file.problem());
    return false;
}

}  // namespace

int report_driver(CommandLine& line) {
    driver::DriverProfile profile;
    std::string note;
    if (!read_profile(line, profile, note)) return kUsage;
    driver::DriverReport report = driver::make_report(profile);
    report.file = std::filesystem::path(line.driver.trace).filename().string();
    report.note = note;
    if (!deliver(line, driver::driver_report_as(line.driver.output, report))) return kUsage;
    return report.wrong() == 0 ? kGood : kRunFailed;
}

int plan_missing(CommandLine& line) {
    driver::DriverProfile profile;
    std::string note;
    if (!read_profile(line, profile, note)) return kUsage;
    nlohmann::ordered_json plan;
    plan["faults"] = platform::write_fault_plan(driver::missing_plan(profile));
    return deliver(line, plan.dump(2) + "\n") ? kGood : kUsage;
}

}  // namespace nvme_vp
