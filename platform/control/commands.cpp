// SPDX-License-Identifier: Apache-2.0
#include "platform/control/commands.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <functional>
#include <iterator>
#include <string_view>

#include <nlohmann/json.hpp>

#include "models/util/text_table.h"
#include "platform/config/fault_plan.h"
#include "platform/config/json_text.h"
#include "platform/config/nearest_name.h"
#include "platform/config/param_list.h"
#include "platform/control/device_status.h"
#include "platform/timeline/timeline.h"

namespace platform {

namespace {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

constexpr std::size_t kAny = ~std::size_t{0};

/// What a command is about, and its answer.
struct Call {
    const Controlled& on;
    const Words& words;  // behind the command
    std::vector<std::string> problems = {};
    std::string text = {};
    Json result = {};
};

struct CommandInfo {
    std::string_view name;
    std::string_view arguments;
    std::string_view says;
    std::size_t least, most;  // words
    void (*run)(Call& call);
};

void help(Call& call);
void status(Call& call);
void parameters(Call& call);
void list_rules(Call& call);
void change_rule(Call& call);
void inject(Call& call);
void power(Call& call);
void health(Call& call);
void change_namespace(Call& call);

// clang-format off
constexpr CommandInfo kCommands[] = {
    {"help",       "",                                       "these lines", 0, 0, &help},
    {"status",     "",                                       "registers, queues, interrupts, events, power, namespaces", 0, 0, &status},
    {"parameters", "[NAME...]",                              "of the controller", 0, kAny, &parameters},
    {"faults",     "",                                       "the rules of the fault plan, and how they have fared", 0, 0, &list_rules},
    {"fault",      "add ACTION [KEY=VALUE...]",              "one more rule; docs/faults.md has actions and keys", 2, kAny, &change_rule},
    {"fault",      "on NAME | off NAME | release NAME",      "switches a rule; lets go on what it holds", 2, kAny, &change_rule},
    {"inject",     "ACTION [KEY=VALUE...]",                  "what happens by itself, now: link_down, fatal_status, async_event, ...", 1, kAny, &inject},
    {"power",      "cut | on",                               "of the NVM subsystem", 1, 1, &power},
    {"health",     "KEY=VALUE...",                           "temperature, available_spare, media_read_only, ...", 1, kAny, &health},
    {"namespace",  "add SPEC | remove NSID | resize NSID SIZE", "SPEC as for --namespace", 2, 3, &change_namespace},
};
// clang-format on

void help(Call& call) {
    call.text = commands_text();
}

void status(Call& call) {
    const DeviceStatus now = device_status(call.on.name, call.on.controller, call.on.plan);
    call.text = status_text(now);
    call.result = status_json(now);
}

void parameters(Call& call) {
    nvme::ControllerParams copy = call.on.controller.params();
    const ParamList all = parameters_of(copy);
    call.result = Json::object();
    for (const std::string& name : call.words)
        if (find(all, name) == nullptr)
            call.problems.push_back("there is no parameter \"" + name + "\"" +
                                    suggestion(name, names_of(all)));
    for (const Param& param : all) {
        const std::string name{param.info.name};
        if (!call.words.empty() &&
            std::find(call.words.begin(), call.words.end(), name) == call.words.end())
            continue;
        call.result[name] = param.value();
        call.text += name + " = " + param.text() + "\n";
    }
}

void list_rules(Call& call) {
    const auto rules = call.on.plan.results();
    call.result = rules_json(rules);
    for (const faults::RuleResult& rule : rules)
        call.text += faults::describe(rule) + (rule.enabled ? "" : ", off") + "\n";
    if (rules.empty()) call.text = "there are no rules\n";
}

/// "ACTION KEY=VALUE...", or a rule as a fault plan has it.
faults::Rule read_rule(const Words& words, std::size_t from, Call& call) {
    nlohmann::json rule = nlohmann::json::object();
    if (words[from].front() == '{') {
        if (const auto json = parse_json(words[from], "rule", call.problems)) rule = *json;
        ++from;
    } else {
        rule["action"] = words[from++];
    }
    for (; from < words.size() && rule.is_object(); ++from) {
        const std::size_t equals = words[from].find('=');
        const std::string key = words[from].substr(0, equals);
        if (equals == std::string::npos)
            call.problems.push_back("\"" + words[from] + "\": must be KEY=VALUE");
        else if (rule.contains(key))
            call.problems.push_back("\"" + words[from] + "\": " + key + " is given already");
        else
            rule[key] = words[from].substr(equals + 1);
    }
    if (!call.problems.empty()) return {};
    std::vector<faults::Rule> read =
        read_fault_plan(nlohmann::json::array({rule}), "rule", call.problems);
    if (read.empty()) return {};
    // A plan numbers the rules without a name.
    if (!rule.is_object() || !rule.contains("name")) read.front().name.clear();
    return read.front();
}

void note(Call& call, const std::string& wrong) {
    if (!wrong.empty()) call.problems.push_back(wrong);
}

/// The controller asks its plan only while it has one.
void attach_plan(const Controlled& on) {
    if (on.controller.model().faults() == nullptr) on.controller.set_faults(&on.plan);
}

void inject_rule(const faults::Rule& rule, Call& call) {
    if (!call.problems.empty()) return;
    attach_plan(call.on);
    note(call, call.on.plan.inject(rule));
}

std::string too_many(const Words& words, std::size_t most) {
    return "\"" + words[most] + "\": is one word too many";
}

void change_rule(Call& call) {
    const std::string& what = call.words[0];
    const std::string& name = call.words[1];
    const std::string missing = "there is no rule \"" + name + "\"";
    if (what == "add") {
        const faults::Rule rule = read_rule(call.words, 1, call);
        if (!call.problems.empty()) return;
        attach_plan(call.on);
        note(call, call.on.plan.add(rule));
        if (!call.problems.empty()) return;
        call.result["name"] = call.on.plan.results().back().name;
        call.text = "rule " + call.on.plan.results().back().name + "\n";
    } else if (call.words.size() > 2) {
        call.problems.push_back(too_many(call.words, 2));
    } else if (what == "on" || what == "off") {
        if (!call.on.plan.set_enabled(name, what == "on")) call.problems.push_back(missing);
    } else if (what == "release") {
        if (!call.on.plan.release(name)) call.problems.push_back(missing);
    } else {
        call.problems.push_back("\"" + what + "\": must be add, on, off or release");
    }
}

void inject(Call& call) {
    inject_rule(read_rule(call.words, 0, call), call);
}

void power(Call& call) {
    faults::Rule rule;
    rule.action = call.words[0] == "on" ? faults::Action::kPowerOn : faults::Action::kPowerCut;
    if (call.words[0] != "on" && call.words[0] != "cut")
        call.problems.push_back("\"" + call.words[0] + "\": must be cut or on");
    inject_rule(rule, call);
}

void health(Call& call) {
    Words words{"health"};
    words.insert(words.end(), call.words.begin(), call.words.end());
    inject_rule(read_rule(words, 0, call), call);
}

/// The lowest that is free; 0: none is.
std::uint32_t free_nsid(const std::vector<std::uint32_t>& there, std::uint32_t most) {
    for (std::uint32_t nsid = 1; nsid <= most; ++nsid)
        if (std::find(there.begin(), there.end(), nsid) == there.end()) return nsid;
    return 0;
}

void change_namespace(Call& call) {
    const std::string& what = call.words[0];
    nlohmann::json event{{"at_ns", 0u}, {"action", what}};
    event[what == "add" ? "namespace" : "nsid"] = call.words[1];
    if (call.words.size() > 2) event["size"] = call.words[2];
    std::vector<TimelineEvent> events =
        read_timeline(nlohmann::json::array({event}), "event", call.problems);
    if (!call.problems.empty()) return;

    std::vector<std::uint32_t> there;
    for (const nvme::NamespaceStatus& ns : call.on.controller.model().status().namespaces)
        there.push_back(ns.nsid);
    const std::uint32_t most = call.on.controller.params().max_namespaces;
    TimelineEvent& first = events.front();
    first.at_ns = util::ScTimePs().now() / util::kPsPerNs;
    if (first.action == TimelineAction::kAdd && first.nsid == 0)
        first.nsid = first.ns.nsid = free_nsid(there, most);
    check_timeline(events, there, most, "", call.problems);
    if (!call.problems.empty()) return;
    std::error_code unused;
    const bool creates = first.action == TimelineAction::kAdd && !first.ns.path.empty() &&
                         !std::filesystem::exists(first.ns.path, unused);
    std::vector<TimelineStep> steps = open_timeline(events, call.problems);
    if (!call.problems.empty()) return;
    note(call, perform(call.on.controller, steps.front()));
    if (!call.problems.empty() && creates) std::filesystem::remove(first.ns.path, unused);
    call.result["nsid"] = first.nsid;
    call.text = "namespace " + std::to_string(first.nsid) + "\n";
}

/// The command of a request; null, with a problem: there is none.
const CommandInfo* find_command(const Words& words, std::vector<std::string>& problems) {
    const auto* const found = std::find_if(
        std::begin(kCommands), std::end(kCommands),
        [&](const CommandInfo& row) { return !words.empty() && row.name == words[0]; });
    if (found == std::end(kCommands)) {
        problems.push_back(
            (words.empty() ? "no command" : "\"" + words[0] + "\": no such command") +
            std::string{"; help lists them"});
        return nullptr;
    }
    const std::size_t given = words.size() - 1;
    if (given < found->least)
        problems.push_back(std::string{found->name} + " needs " + std::string{found->arguments});
    else if (given > found->most)
        problems.push_back(too_many(words, found->most + 1));
    else
        return found;
    return nullptr;
}

Json refusal(const std::vector<std::string>& problems) {
    return {{"ok", false}, {"problems", problems}};
}

/// Words of a request, and which controller it is for.
bool read_request(const std::string& line, std::size_t controllers, Words& words,
                  std::size_t& number, std::vector<std::string>& problems) {
    const auto request = parse_json(line, "request", problems);
    if (!request) return false;
    if (!request->is_object()) {
        problems.emplace_back("request: must be an object");
        return false;
    }
    for (const auto& [key, value] : request->items()) {
        if (key == "controller" && value.is_number_unsigned() &&
            value.get<std::uint64_t>() < controllers) {
            number = value.get<std::size_t>();
        } else if (key == "controller") {
            problems.push_back("request/controller = " + shown(value) + ": must be 0 to " +
                               std::to_string(controllers - 1));
        } else if (key == "arguments" && value.is_array() &&
                   std::all_of(value.begin(), value.end(),
                               [](const auto& v) { return v.is_string() && v != ""; })) {
            words = value.get<Words>();
        } else if (key == "arguments") {
            problems.emplace_back("request/arguments: must be a list of texts that are not empty");
        } else {
            problems.push_back("request/" + key + ": must be arguments or controller");
        }
    }
    return problems.empty();
}

}  // namespace

nlohmann::ordered_json execute(const std::vector<Controlled>& controllers,
                               const std::string& line) {
    Words words;
    std::size_t number = 0;
    std::vector<std::string> problems;
    if (!read_request(line, controllers.size(), words, number, problems)) return refusal(problems);
    const CommandInfo* const command = find_command(words, problems);
    if (command == nullptr) return refusal(problems);
    words.erase(words.begin());
    Call call{controllers[number], words};
    try {
        command->run(call);
    } catch (const sc_core::sc_unwind_exception&) {
        throw;  // the process ends
    } catch (const std::exception& error) {
        call.problems.emplace_back(error.what());
    }
    if (!call.problems.empty()) return refusal(call.problems);
    return {{"ok", true}, {"text", call.text}, {"result", call.result}};
}

std::string commands_text() {
    util::TextTable table(2);
    for (const CommandInfo& row : kCommands)
        table.add(
            {std::string{row.name} + " " + std::string{row.arguments}, std::string{row.says}});
    return table.text("  ");
}

}  // namespace platform
