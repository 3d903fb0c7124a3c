// SPDX-License-Identifier: Apache-2.0
#include "platform/config/fault_plan.h"

#include <set>

#include <nlohmann/json.hpp>

#include "platform/config/param_list.h"

namespace platform {

namespace {

using nlohmann::json;
using Problems = std::vector<std::string>;

faults::Rule read_rule(const json& entry, const std::string& where, Problems& problems) {
    faults::Rule rule;
    const std::size_t before = problems.size();
    read_object(parameters_of(rule), entry, where, {}, problems);
    if (problems.size() != before) return rule;
    if (entry.count("action") == 0)
        problems.push_back(where + "/action: is missing: must be " +
                           find(parameters_of(rule), "action")->allowed());
    for (const faults::RuleProblem& problem : faults::validate(rule)) {
        const std::string field{problem.field};
        const auto given = entry.find(field);
        problems.push_back(where + "/" + field +
                           (given == entry.end() ? "" : " = " + shown(*given)) + ": " +
                           problem.text);
    }
    return rule;
}

nlohmann::ordered_json write_rule(const faults::Rule& rule) {
    const nlohmann::ordered_json all = write_object(rule), defaults = write_object(faults::Rule{});
    nlohmann::ordered_json changed = nlohmann::ordered_json::object();
    for (const auto& [key, value] : all.items())
        if (key == "action" || value != defaults[key]) changed[key] = value;
    return changed;
}

}  // namespace

std::vector<faults::Rule> read_fault_plan(const json& list, const std::string& path,
                                          Problems& problems) {
    std::vector<faults::Rule> plan;
    if (!is_list(list, 0, faults::kMostRules, path, problems)) return plan;
    std::set<std::string> names;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string where = path + "/" + std::to_string(i);
        plan.push_back(read_rule(list[i], where, problems));
        const std::string& name = plan.back().name;
        if (!name.empty() && !names.insert(name).second)
            problems.push_back(where + "/name = \"" + name + "\": another rule has this name");
    }
    for (std::size_t i = 0; i < plan.size(); ++i)
        for (std::size_t n = i; plan[i].name.empty(); ++n)
            if (const std::string free = "rule_" + std::to_string(n); names.insert(free).second)
                plan[i].name = free;
    return plan;
}

nlohmann::ordered_json write_fault_plan(const std::vector<faults::Rule>& plan) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const faults::Rule& rule : plan) list.push_back(write_rule(rule));
    return list;
}

}  // namespace platform
