// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "platform/config/output_file.h"
#include "platform/workload/job_file.h"
#include "sc_main/report.h"
#include "sc_main/standard_streams.h"
#include "sc_main/sweep/stop_signals.h"
#include "sc_main/sweep/sweep_directory.h"
#include "sc_main/sweep/sweep_engine.h"
#include "sc_main/sweep/sweep_plan.h"
#include "sc_main/sweep/sweep_plot.h"
#include "sc_main/sweep/sweep_table.h"

namespace nvme_vp {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

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

SweepOrder order_of(const CommandLine& line) {
    std::set<std::string> files{line.config.run.job, line.config_file};
    for (const SweepAxis& axis : line.plan.axes())
        if (axis.name == "job") files.insert(axis.values.begin(), axis.values.end());
    files.erase("");
    return {
        line.config.run.over, line.words, line.config.run.job_set, {files.begin(), files.end()}};
}

/// What has been run and what has not, in one table.
struct Results {
    SweepTable table;
    std::size_t missing = 0;
};

Results read_results(const SweepPlan& plan, const SweepDirectory& directory) {
    Results results{SweepTable(plan)};
    for (std::size_t point = 0; point != plan.points(); ++point) {
        if (const std::optional<json> report = directory.report(point)) {
            results.table.add(point, *report);
            continue;
        }
        ++results.missing;
        const fs::path log = directory.log(point);
        results.table.add_failed(point,
                                 fs::exists(log) ? "failed, see " + log.string() : "not run");
    }
    return results;
}

bool put(const fs::path& path, const std::string& text) {
    platform::OutputFile file(path.string());
    return committed(&file, text);
}

/// Runs what has not been run well before.
SweepEnd run_rest(SweepEngine& engine, const SweepPlan& plan, const SweepOrder& order,
                  const SweepDirectory& directory) {
    std::vector<SweepWork> all;
    for (std::size_t point = 0; point != plan.points(); ++point)
        if (!directory.report(point)) all.push_back(directory.work(plan, order, point));
    const std::size_t before = plan.points() - all.size();
    const std::string of_all = " of " + std::to_string(plan.points());
    if (before != 0)
        tell(stderr, std::to_string(before) + of_all + " combinations have been run before\n");
    return engine.run(all, directory, [&](std::size_t done) {
        if (::isatty(STDERR_FILENO) == 0) return;
        tell(stderr,
             "\r" + std::to_string(before + done) + of_all + (done == all.size() ? "\n" : ""));
    });
}

}  // namespace

int sweep(CommandLine& line) {
    const SweepPlan& plan = line.plan;
    const std::unique_ptr<SweepEngine> engine = make_engine(line.config.run);
    check_points(plan, line);
    if (line.problems.empty()) engine->check(line.problems);
    if (!line.problems.empty()) return kUsage;
    hold_stop_signals();
    SweepDirectory directory(line.config.run.out.empty() ? "sweep" : line.config.run.out);
    const SweepOrder order = order_of(line);
    directory.open(order, line.problems);
    if (!line.problems.empty()) return kUsage;

    const SweepEnd end = run_rest(*engine, plan, order, directory);
    if (end != SweepEnd::kGivenUp) directory.remove_unfinished();
    const Results results = read_results(plan, directory);
    tell(stdout, results.table.text());
    const bool written = put(directory.path() / "table.csv", results.table.csv()) &&
                         put(directory.path() / "plot.gp", plot_script(plan, results.table));
    if (end == SweepEnd::kAll) return results.missing == 0 && written ? kGood : kRunFailed;
    tell(stderr, "stopped: the same command goes on\n");
    return kRunFailed;
}

}  // namespace nvme_vp
