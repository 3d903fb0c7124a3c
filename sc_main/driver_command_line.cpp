// SPDX-License-Identifier: Apache-2.0
#include "sc_main/driver_command_line.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "models/util/ends_in.h"
#include "traces/driver/report_forms.h"

namespace nvme_vp {

namespace {

namespace po = boost::program_options;
constexpr std::string_view kDriverOptions[] = {"output", "lives", "missing"};

/// All of the text is a number from 1 on.
bool read_count(std::string_view text, std::uint64_t& count) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    return error == std::errc{} && rest == end && count != 0;
}

/// "2", "2-3" or "2-".
bool read_lives(std::string_view text, driver::LifeRange& lives) {
    const std::size_t dash = text.find('-');
    if (!read_count(text.substr(0, dash), lives.first)) return false;
    lives.last = lives.first;
    if (dash == text.npos) return true;
    const std::string_view last = text.substr(dash + 1);
    if (last.empty()) {
        lives.last = driver::LifeRange{}.last;
        return true;
    }
    return read_count(last, lives.last) && lives.last >= lives.first;
}

void take_output(const std::string& path, CommandLine& line) {
    line.driver.output = path;
    const bool plan = line.action == Action::kPlanMissing;
    const bool good =
        plan ? path == "-" || util::ends_in(path, ".json") : driver::is_report_name(path);
    if (!good)
        line.problems.push_back("--output = \"" + path + "\": must end in " +
                                (plan ? ".json" : ".json, .xml, .html or .txt") + ", or be -");
}

}  // namespace

void add_driver_options(po::options_description& options) {
    auto add = options.add_options();
    add("output,o", po::value<std::string>()->value_name("FILE"),
        "report: write x.json, x.html, x.txt, or JUnit XML to x.xml; plan: x.json; -: standard "
        "output (default)");
    add("lives", po::value<std::string>()->value_name("N[-[M]]"),
        "report, plan: only these lives of the controller, each from a reset until it is disabled");
    add("missing", "plan: what the driver of the trace has not met");
}

bool take_driver_command(const std::vector<std::string>& words, const po::variables_map& values,
                         CommandLine& line) {
    const bool plan = !words.empty() && words[0] == "plan";
    if (!plan && (words.empty() || words[0] != "report")) {
        for (const std::string_view name : kDriverOptions)
            if (values.count(std::string(name)) != 0)
                line.problems.push_back("--" + std::string(name) + " is for report and plan");
        return false;
    }
    line.action = plan ? Action::kPlanMissing : Action::kReportDriver;
    if (words.size() != 2)
        line.problems.push_back(words[0] + " needs one trace");
    else
        line.driver.trace = words[1];
    for (const auto& [name, value] : values)
        if (name != "words" && std::find(std::begin(kDriverOptions), std::end(kDriverOptions),
                                         name) == std::end(kDriverOptions))
            line.problems.push_back("--" + name + ": " + words[0] +
                                    " reads a trace, and runs nothing");
    if (plan != (values.count("missing") != 0))
        line.problems.emplace_back(plan ? "plan needs --missing" : "--missing is for plan");
    if (values.count("output") != 0) take_output(values["output"].as<std::string>(), line);
    if (values.count("lives") == 0) return true;
    const std::string& lives = values["lives"].as<std::string>();
    if (!read_lives(lives, line.driver.lives))
        line.problems.push_back("--lives = \"" + lives + "\": must be N, N-M or N-, from 1 on");
    return true;
}

}  // namespace nvme_vp
