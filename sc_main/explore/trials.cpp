// SPDX-License-Identifier: Apache-2.0
#include "sc_main/explore/trials.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "platform/config/output_file.h"
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

Verdict Trials::judge(const std::string& name, int code) const {
    const std::string& wanted = config_.run.fail_text;
    const std::string console = text_of_file(folder(name) / kConsole);
    if (!wanted.empty() && console.find(wanted) != std::string::npos)
        return {Failure::kConsole, "the console has \"" + wanted + "\""};
    if (code == 0) return {};
    const std::string said = last_line(text_of_file(folder(name) / kLog));
    const std::string last = said.empty() ? "exit code " + std::to_string(code) : said;
    const json report = json::parse(text_of_file(folder(name) / kReport), nullptr, false);
    if (report.is_discarded()) return {Failure::kProgram, last};
    if (const std::string rules = broken_rules(report); !rules.empty())
        return {Failure::kLint, "the driver breaks " + rules};
    if (const int guest = report.at("guest_exit_code").get<int>(); guest != 0)
        return {Failure::kExit, "the guest ends with " + std::to_string(guest)};
    return {Failure::kProgram, last};
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

std::vector<std::uint64_t> Trials::commands(const std::string& name) const {
    std::vector<std::uint64_t> all;
    const json report = json::parse(text_of_file(folder(name) / kReport));
    for (const json& controller : controllers_of(report)) {
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
