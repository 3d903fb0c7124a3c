// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <thread>

#include <nlohmann/json.hpp>

#include "platform/config/input_file.h"
#include "platform/config/output_file.h"
#include "platform/workload/crc32c.h"
#include "platform/workload/job_file.h"
#include "sc_main/report.h"
#include "sc_main/standard_streams.h"
#include "sc_main/sweep/sweep_plan.h"
#include "sc_main/sweep/sweep_processes.h"
#include "sc_main/sweep/sweep_table.h"

namespace nvme_vp {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

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
json identity_of(const CommandLine& line, const SweepPlan& plan,
                 std::vector<std::string>& problems) {
    json identity{{"over", line.config.run.over},
                  {"words", line.words},
                  {"job_set", line.config.run.job_set}};
    std::set<std::string> files{line.config.run.job, line.config_file};
    for (const SweepAxis& axis : plan.axes())
        if (axis.name == "job") files.insert(axis.values.begin(), axis.values.end());
    for (const std::string& path : files)
        if (!path.empty())
            identity["files"][path] = platform::read_text_file(path, problems).value_or("");
    std::ifstream program("/proc/self/exe", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(program), {}};
    identity["program"] = platform::crc32c(bytes.data(), bytes.size());
    return identity;
}

/// Nobody else works in the directory while this is there.
class Lock {
public:
    explicit Lock(const fs::path& file) : fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~Lock() {
        if (fd_ >= 0) ::close(fd_);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    [[nodiscard]] bool taken() const { return fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0; }

private:
    const int fd_;
};

/// Reports that a killed run has not completed.
void remove_unfinished(const fs::path& directory) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) {
        const std::string name = entry.path().filename().string();
        const bool unfinished = name.size() > 11 && name.compare(5, 6, ".json.") == 0;
        if (unfinished) fs::remove(entry.path(), error);
    }
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

unsigned processes(const platform::RunOptions& run) {
    return run.parallel != 0 ? run.parallel : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

int sweep(CommandLine& line) {
    const SweepPlan plan(line.config.run.over, line.problems);
    check_points(plan, line);
    const json identity = identity_of(line, plan, line.problems);
    if (!line.problems.empty()) return kUsage;
    const fs::path directory = line.config.run.out.empty() ? "sweep" : line.config.run.out;
    hold_signals();
    open_directory(directory, identity, line.problems);
    const Lock lock(directory / "sweep.json");
    if (line.problems.empty() && !lock.taken())
        line.problems.push_back("out = \"" + directory.string() + "\": a sweep is going on there");
    if (!line.problems.empty()) return kUsage;
    remove_unfinished(directory);

    std::vector<SweepWork> all;
    for (std::size_t point = 0; point != plan.points(); ++point) {
        if (report_of(directory, point)) continue;
        std::vector<std::string> words = plan.arguments(point, line.words, line.config.run.job_set);
        const std::string report = file_of(directory, point, "json").string();
        words.push_back("--report=" + report);
        all.push_back({std::move(words), report, file_of(directory, point, "log").string()});
    }
    const std::size_t before = plan.points() - all.size();
    if (before != 0)
        tell(stderr, std::to_string(before) + " of " + std::to_string(plan.points()) +
                         " combinations have been run before\n");
    const bool complete = run_processes(all, processes(line.config.run), [&](std::size_t done) {
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
    platform::OutputFile csv((directory / "table.csv").string());
    const bool written = committed(&csv, table.csv());
    if (complete) return missing == 0 && written ? kGood : kRunFailed;
    remove_unfinished(directory);
    tell(stderr, "stopped: the same command goes on\n");
    return kRunFailed;
}

}  // namespace nvme_vp
