// SPDX-License-Identifier: Apache-2.0
#include "sc_main/explore/trials.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "models/util/time.h"
#include "platform/config/output_file.h"
#include "sc_main/command_line.h"
#include "sc_main/processor.h"
#include "sc_main/sweep/child_pool.h"

namespace nvme_vp {

namespace {

using nlohmann::json;
using Failure = Verdict::Failure;
namespace fs = std::filesystem;

std::string text_of_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string last_line(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text.substr(text.rfind('\n') + 1);
}

/// What the program has told first that is wrong; empty: nothing.
std::string first_problem(const std::string& log) {
    constexpr std::string_view kBegin = "\nnvme-vp: ";
    const std::string lines = "\n" + log;
    const std::size_t at = lines.find(kBegin);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + kBegin.size();
    return lines.substr(begin, lines.find('\n', begin) - begin);
}

/// What is the same in all runs. What the lint finds makes a run fail.
platform::ProgramConfig of_each_run(platform::ProgramConfig config) {
    platform::RunOptions& run = config.run;
    const platform::RunOptions defaults;
    run.strict = true;
    run.out = defaults.out;
    run.parallel = defaults.parallel;
    run.processor = defaults.processor;
    run.seed = defaults.seed;
    run.seeds = defaults.seeds;
    run.perturbations = defaults.perturbations;
    run.fail_text = defaults.fail_text;
    run.driver_timeout_ns = defaults.driver_timeout_ns;
    // The folder may be replayed from anywhere.
    run.kernel = fs::absolute(run.kernel).string();
    if (!run.initrd.empty()) run.initrd = fs::absolute(run.initrd).string();
    for (platform::SubsystemSpec& subsystem : config.system)
        for (platform::NamespaceSpec& ns : subsystem.namespaces)
            if (!ns.path.empty()) ns.path = fs::absolute(ns.path).string();
    return config;
}

/// One for each controller.
std::vector<json> controllers_of(const json& report) {
    if (!report.contains("controllers")) return {report};
    return report["controllers"].get<std::vector<json>>();
}

/// The rules that the lint has found broken, separated by commas.
std::string broken_rules(const json& report) {
    std::string names;
    for (const json& controller : controllers_of(report))
        for (const json& rule : controller.at("lint").at("rules"))
            if (!rule.value("hint", false))
                names += (names.empty() ? "" : ", ") + rule.at("rule").get<std::string>();
    return names;
}

/// The run of this report has come to its `until`.
bool has_run_until(const std::string& until, const json& report) {
    std::optional<util::TimePs> end;
    (void)platform::parse_until(until, end);
    return end && report.at("simulated_ns").get<std::uint64_t>() >= *end / util::kPsPerNs;
}

}  // namespace

Trials::Trials(platform::ProgramConfig config, fs::path folder)
    : config_(std::move(config)),
      folder_(std::move(folder)),
      at_a_time_(children_at_a_time(config_.run.parallel)),
      processors_(usable_processors()) {}

fs::path Trials::folder(const std::string& name) const {
    return folder_ / name;
}

void Trials::prepare(const Order& order) const {
    platform::ProgramConfig config = of_each_run(config_);
    platform::add_perturbations(order.plan, config.system);
    fs::create_directory(folder(order.name));
    platform::OutputFile file((folder(order.name) / kConfig).string());
    if (!file.commit(platform::config_to_json(config).dump(1) + "\n"))
        throw std::runtime_error(file.problem());
}

// Each guest and its simulation take turns; with a processor of their own they are twice as fast.
std::vector<std::string> Trials::words(const Order& order, unsigned slot) const {
    const auto option = [&](const char* name, const char* file) {
        return std::string{"--"} + name + "=" + (folder(order.name) / file).string();
    };
    std::vector<std::string> words{"uml", option("config", kConfig), option("console", kConsole),
                                   option("report", kReport)};
    if (order.with_trace) words.push_back(option("trace", kTrace));
    if (at_a_time_ <= processors_.size())
        words.push_back("--processor=" + std::to_string(processors_[slot]));
    return words;
}

json Trials::report(const std::string& name) const {
    return json::parse(text_of_file(folder(name) / kReport), nullptr, false);
}

Verdict Trials::judge(const std::string& name, int code) const {
    const std::string& wanted = config_.run.fail_text;
    const std::string console = text_of_file(folder(name) / kConsole);
    if (!wanted.empty() && console.find(wanted) != std::string::npos)
        return {Failure::kConsole, "the console has \"" + wanted + "\"", {}};
    const json said = report(name);
    const std::string log = text_of_file(folder(name) / kLog);
    const std::string problem = first_problem(log);
    // Without a report nothing has been run; a guest may end with this code, too.
    if (said.is_discarded() && code == kUsage) throw RefusedRun(problem);
    if (!said.is_discarded()) {
        const std::string rules = broken_rules(said);
        if (code != 0 && !rules.empty())
            return {Failure::kLint, "the driver breaks " + rules, rules.substr(0, rules.find(','))};
        if (!said.at("guest_ended").get<bool>() && has_run_until(config_.run.until, said))
            return {Failure::kHang, "the guest has not ended by " + config_.run.until, {}};
    }
    if (code == 0) return {};
    if (!problem.empty()) return {Failure::kProblem, problem, problem};
    const int guest = said.is_discarded() ? 0 : said.at("guest_exit_code").get<int>();
    const std::string number = std::to_string(guest != 0 ? guest : code);
    if (guest != 0) return {Failure::kExit, "the guest ends with " + number, number};
    const std::string last = last_line(log);
    return {Failure::kProgram, last.empty() ? "exit code " + number : last, number};
}

std::optional<std::vector<Verdict>> Trials::run(const std::vector<Order>& orders) {
    std::vector<Verdict> verdicts(orders.size());
    const bool all = run_children(
        orders.size(), at_a_time_,
        [&](std::size_t number, unsigned slot) {
            prepare(orders[number]);
            const fs::path log = folder(orders[number].name) / kLog;
            return ChildWork{words(orders[number], slot), log.string()};
        },
        [&](std::size_t number, int code) {
            if (code == kKilled) return;
            verdicts[number] = judge(orders[number].name, code);
            ++count_;
        });
    return all ? std::optional{std::move(verdicts)} : std::nullopt;
}

std::uint64_t Trials::simulated_ns(const std::string& name) const {
    return report(name).at("simulated_ns").get<std::uint64_t>();
}

std::vector<std::uint64_t> Trials::commands(const std::string& name) const {
    std::vector<std::uint64_t> all;
    for (const json& controller : controllers_of(report(name))) {
        all.push_back(0);
        for (const json& opcode : controller.at("served").at("opcodes"))
            all.back() += opcode.at("count").get<std::uint64_t>();
    }
    return all;
}

void Trials::remove(const std::string& name) const {
    std::error_code ignored;
    fs::remove_all(folder(name), ignored);
}

}  // namespace nvme_vp
