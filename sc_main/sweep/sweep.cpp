// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include <nlohmann/json.hpp>

#include "platform/config/input_file.h"
#include "platform/config/output_file.h"
#include "platform/workload/default_job.h"
#include "platform/workload/job_file.h"
#include "sc_main/standard_streams.h"
#include "sc_main/sweep/sweep_plan.h"
#include "sc_main/sweep/sweep_processes.h"
#include "sc_main/sweep/sweep_table.h"

namespace nvme_vp {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::atomic<bool> stopped{false};

void handle_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { stopped = true; };
    action.sa_flags = SA_RESETHAND;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

/// What belongs to one point, in the directory of the sweep.
fs::path file_of(const fs::path& directory, std::size_t point, const char* ending) {
    char name[32];
    std::snprintf(name, sizeof name, "%05zu.", point);
    return directory / (name + std::string{ending});
}

/// The report of a point that has been run well; nothing if there is none.
std::optional<json> report_of(const fs::path& directory, std::size_t point) {
    std::ifstream file(file_of(directory, point, "json"));
    json report = json::parse(file, nullptr, false);
    if (report.is_discarded() || !report.is_object() || !report.value("good", false))
        return std::nullopt;
    return report;
}

/// The problems of a point are told with its values in front.
void check_points(const SweepPlan& plan, CommandLine& line) {
    for (std::size_t point = 0; point != plan.points() && line.problems.size() < 20; ++point) {
        std::string where = "over:";
        const std::vector<std::string> values = plan.values(point);
        for (std::size_t i = 0; i != values.size(); ++i)
            where += " " + plan.axes()[i].name + "=" + values[i];
        std::vector<std::string> words = plan.arguments(point, line.words, line.config.run.job_set);
        words.insert(words.begin(), "nvme-vp");
        std::vector<const char*> argv;
        for (const std::string& word : words) argv.push_back(word.c_str());
        CommandLine run = parse_command_line(static_cast<int>(argv.size()), argv.data());
        const platform::JobFile job =
            platform::parse_job_file("[job]\n", "job options", run.config.run.job_set);
        for (const std::string& message : job.messages()) run.problems.push_back(message);
        for (const std::string& problem : run.problems)
            line.problems.push_back(where + ": " + problem);
    }
}

/// What makes two sweeps the same, so that one goes on where the other has stopped.
json identity_of(const CommandLine& line, std::vector<std::string>& problems) {
    json identity{{"version", NVME_TLM_VERSION},
                  {"over", line.config.run.over},
                  {"words", line.words},
                  {"job_set", line.config.run.job_set}};
    const auto add_text = [&](const char* key, const std::string& path) {
        if (path.empty()) return;
        identity[key] = platform::read_text_file(path, problems).value_or("");
    };
    add_text("job", line.config.run.job);
    add_text("config", line.config_file);
    return identity;
}

/// The directory is there, and holds this sweep or nothing.
void open_directory(const fs::path& directory, const json& identity,
                    std::vector<std::string>& problems) {
    const std::string where = "out = \"" + directory.string() + "\": ";
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) {
        problems.push_back(where + error.message());
        return;
    }
    const fs::path path = directory / "sweep.json";
    if (fs::exists(path, error)) {
        std::ifstream file(path);
        if (json::parse(file, nullptr, false) != identity)
            problems.push_back(where + "holds another sweep: remove it, or choose another");
        return;
    }
    platform::OutputFile file(path.string());
    if (!file.commit(identity.dump(1) + "\n")) problems.push_back(where + file.problem());
}

bool write_file(const fs::path& path, const std::string& text) {
    platform::OutputFile file(path.string());
    if (file.commit(text)) return true;
    tell_problems({file.problem()});
    return false;
}

unsigned processes(const platform::RunOptions& run) {
    return run.parallel != 0 ? run.parallel : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

int sweep(CommandLine& line) {
    const SweepPlan plan(line.config.run.over, line.problems);
    check_points(plan, line);
    const json identity = identity_of(line, line.problems);
    if (!line.problems.empty()) return kUsage;
    const fs::path directory = line.config.run.out.empty() ? "sweep" : line.config.run.out;
    open_directory(directory, identity, line.problems);
    if (!line.problems.empty()) return kUsage;

    std::vector<SweepWork> all;
    for (std::size_t point = 0; point != plan.points(); ++point) {
        if (report_of(directory, point)) continue;
        std::vector<std::string> words = plan.arguments(point, line.words, line.config.run.job_set);
        words.push_back("--report=" + file_of(directory, point, "json").string());
        all.push_back({std::move(words), file_of(directory, point, "log").string()});
    }
    handle_signals();
    const std::size_t before = plan.points() - all.size();
    if (before != 0)
        tell(stderr, std::to_string(before) + " of " + std::to_string(plan.points()) +
                         " combinations have been run before\n");
    run_processes(all, processes(line.config.run), stopped, [&](std::size_t done) {
        if (::isatty(STDERR_FILENO) == 0) return;
        tell(stderr, "\r" + std::to_string(before + done) + " of " + std::to_string(plan.points()) +
                         (done == all.size() ? "\n" : ""));
    });

    SweepTable table(plan);
    std::size_t missing = 0;
    for (std::size_t point = 0; point != plan.points(); ++point) {
        if (const std::optional<json> report = report_of(directory, point)) {
            table.add(point, *report);
            continue;
        }
        ++missing;
        const fs::path log = file_of(directory, point, "log");
        table.add_failed(point, fs::exists(log) ? "failed, see " + log.string() : "not run");
    }
    tell(stdout, table.text());
    const bool written = write_file(directory / "table.csv", table.csv());
    if (stopped) tell(stderr, "stopped: the same command goes on\n");
    return missing == 0 && written && !stopped ? kGood : kRunFailed;
}

}  // namespace nvme_vp
