// SPDX-License-Identifier: Apache-2.0
#include "platform/config/program_config.h"

#include <fstream>
#include <set>
#include <sstream>
#include <variant>

#include "platform/config/param_visitors.h"
#include "platform/workload/job_options.h"
#include "platform/workload/units.h"

namespace platform {

namespace {

using Problems = std::vector<std::string>;
using nlohmann::json;

/// Parses and reports keys that an object has twice: the library would keep the last one silently.
json parse(std::string_view text, const std::string& name, Problems& problems) {
    std::vector<std::set<std::string>> keys;
    const auto watch = [&](int, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start) keys.emplace_back();
        if (event == json::parse_event_t::object_end) keys.pop_back();
        if (event == json::parse_event_t::key &&
            !keys.back().insert(parsed.get<std::string>()).second)
            problems.push_back(name + ": the key " + shown(parsed) + " stands twice in one object");
        return true;
    };
    try {
        return json::parse(text, watch, true, true);
    } catch (const json::parse_error& error) {
        const std::string_view what =
            error.what();  // "[json.exception...] parse error at line ..."
        const std::size_t end_of_id = what.find("] ");
        problems.push_back(name + ": " +
                           std::string{what.substr(end_of_id == what.npos ? 0 : end_of_id + 2)});
    }
    return nullptr;
}

void read_namespaces(const json& list, const std::string& path, ProgramConfig& config,
                     Problems& problems) {
    if (!list.is_array()) {
        problems.push_back(path + " = " + shown(list) + ": must be a list in brackets");
        return;
    }
    config.namespaces.clear();
    for (std::size_t i = 0; i < list.size(); ++i)
        config.namespaces.push_back(
            read_namespace(list[i], path + "/" + std::to_string(i), problems));
}

/// A plan of faults: docs/faults.md.
void read_faults(const json& list, const std::string& path, ProgramConfig& config,
                 Problems& problems) {
    if (!list.is_array()) {
        problems.push_back(path + " = " + shown(list) + ": must be a list in brackets");
        return;
    }
    config.faults.clear();
    std::set<std::string> names;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string where = path + "/" + std::to_string(i);
        faults::Rule rule;
        const std::size_t before = problems.size();
        read_object(rule, list[i], where, {}, problems);
        if (rule.name.empty()) rule.name = "rule_" + std::to_string(i);
        if (problems.size() == before) {
            if (list[i].count("action") == 0)
                problems.push_back(where + "/action: is missing: must be " +
                                   allowed_values<faults::Action>({}));
            for (const faults::RuleProblem& problem : faults::validate(rule)) {
                const std::string field{problem.field};
                const auto given = list[i].find(field);
                problems.push_back(where + "/" + field +
                                   (given == list[i].end() ? "" : " = " + shown(*given)) + ": " +
                                   problem.text);
            }
        }
        if (!names.insert(rule.name).second)
            problems.push_back(where + "/name = \"" + rule.name + "\": another rule has this name");
        config.faults.push_back(std::move(rule));
    }
    if (list.size() > faults::kMostRules)
        problems.push_back(path + ": must be at most " + std::to_string(faults::kMostRules) +
                           " rules");
}

/// Only what differs from the defaults: most fields mean nothing for most actions.
nlohmann::ordered_json write_rule(const faults::Rule& rule) {
    const nlohmann::ordered_json all = write_object(rule), defaults = write_object(faults::Rule{});
    nlohmann::ordered_json changed = nlohmann::ordered_json::object();
    for (const auto& [key, value] : all.items())
        if (key == "action" || value != defaults[key]) changed[key] = value;
    return changed;
}

}  // namespace

void read_config_text(std::string_view text, const std::string& name, ProgramConfig& config,
                      Problems& problems) {
    const std::size_t before = problems.size();
    const json root = parse(text, name, problems);
    if (root.is_null() && problems.size() != before) return;
    read_object(config.run, root, name + ": ", {"controller", "namespaces", "faults", "events"},
                problems);
    if (!root.is_object()) return;
    if (const auto found = root.find("controller"); found != root.end())
        read_object(config.controller, *found, name + ": /controller", {}, problems);
    if (const auto found = root.find("namespaces"); found != root.end())
        read_namespaces(*found, name + ": /namespaces", config, problems);
    if (const auto found = root.find("events"); found != root.end())
        config.events = read_timeline(*found, name + ": /events", problems);
    if (const auto found = root.find("faults"); found != root.end())
        read_faults(*found, name + ": /faults", config, problems);
}

void read_config_file(const std::string& path, ProgramConfig& config, Problems& problems) {
    std::ifstream file(path);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf())) {
        problems.push_back(path + ": cannot be read");
        return;
    }
    read_config_text(text.str(), path, config, problems);
}

void set_controller_parameter(std::string_view text, ProgramConfig& config, Problems& problems) {
    const std::size_t equals = text.find('=');
    const std::string name{text.substr(0, equals)};
    const std::string where = "--set " + name;
    if (equals == std::string_view::npos) {
        problems.push_back(where + ": must be NAME=VALUE");
        return;
    }
    const std::string value{text.substr(equals + 1)};
    if (!set_parameter(config.controller, name, value, where, problems))
        problems.push_back(where + ": the controller has no such parameter" +
                           suggestion(name, parameter_names<nvme::ControllerParams>()));
}

bool parse_copy(std::string_view text, std::uint32_t& from, std::uint32_t& to) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    const auto number = [](std::string_view part, std::uint32_t& target) {
        const ParsedNumber parsed = parse_number(part, 1024);
        const auto* value = std::get_if<std::uint64_t>(&parsed);
        if (value == nullptr || *value == 0 || *value > 65536) return false;
        target = static_cast<std::uint32_t>(*value);
        return true;
    };
    return number(text.substr(0, colon), from) && number(text.substr(colon + 1), to);
}

void check_config(ProgramConfig& config, Problems& problems) {
    for (const std::string& problem : nvme::validate(config.controller))
        problems.push_back("controller: " + problem);
    assign_nsids(config.namespaces, problems);
    for (const NamespaceSpec& spec : config.namespaces) {
        if (spec.nsid > config.controller.max_namespaces)
            problems.push_back("nsid = " + std::to_string(spec.nsid) +
                               ": must be at most max_namespaces (" +
                               std::to_string(config.controller.max_namespaces) + ")");
    }
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    const RunOptions& run = config.run;
    if (!run.copy.empty() && (!parse_copy(run.copy, from, to) || from == to))
        problems.push_back("copy = \"" + run.copy +
                           "\": must be FROM:TO, two different namespace identifiers");
    if (!run.copy.empty() && !run.job.empty())
        problems.push_back("copy and job exclude each other");
    const auto ends_in_vcd = [](const std::string& path) {
        return path.size() > 4 && path.compare(path.size() - 4, 4, ".vcd") == 0;
    };
    if (!run.vcd.empty() && !ends_in_vcd(run.vcd))
        problems.push_back("vcd = \"" + run.vcd + "\": the file name must end in .vcd");
    if (run.interrupts == Signal::kIntx && !config.controller.intx)
        problems.push_back("interrupts = \"intx\": needs controller/intx = true");
}

nlohmann::ordered_json config_to_json(const ProgramConfig& config) {
    nlohmann::ordered_json root = write_object(config.run);
    root["namespaces"] = nlohmann::ordered_json::array();
    for (const NamespaceSpec& spec : config.namespaces)
        root["namespaces"].push_back(write_object(spec));
    root["faults"] = nlohmann::ordered_json::array();
    for (const faults::Rule& rule : config.faults) root["faults"].push_back(write_rule(rule));
    root["controller"] = write_object(config.controller);
    root["events"] = write_timeline(config.events);
    return root;
}

std::string config_markdown() {
    return "### Top level\n\n" + parameter_table<RunOptions>() + "\n### `namespaces[]`\n\n" +
           parameter_table<NamespaceSpec>() + "\n### `faults[]`\n\n" +
           parameter_table<faults::Rule>() + "\n### `controller`\n\n" +
           parameter_table<nvme::ControllerParams>() + "\n### `events[]`\n\n" +
           parameter_table<TimelineEvent>() + "\n### Job files\n\n" + job_options_markdown();
}

}  // namespace platform
