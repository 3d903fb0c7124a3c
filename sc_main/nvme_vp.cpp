// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include <systemc>

#include "models/faults/injector.h"
#include "platform/config/config_schema.h"
#include "platform/runner/runner.h"
#include "sc_main/command_line.h"
#include "sc_main/lint_report.h"
#include "sc_main/observers.h"
#include "sc_main/prepared_run.h"
#include "sc_main/quiet_kernel.h"
#include "sc_main/replay_session.h"
#include "sc_main/report.h"
#include "sc_main/serve.h"
#include "sc_main/terminal_progress.h"

namespace nvme_vp {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // or a signal handler may not touch it

/// The first signal ends the run in good order, the second one at once.
void handle_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = true; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

void print(std::FILE* to, const std::string& text) {
    std::fputs(text.c_str(), to);
    std::fflush(to);
}

int refuse(const CommandLine& line) {
    for (const std::string& problem : line.problems) print(stderr, "nvme-vp: " + problem + "\n");
    if (line.problems.size() > 1)
        print(stderr, "nvme-vp: " + std::to_string(line.problems.size()) + " problems\n");
    return kUsage;
}

std::string report_text(const CommandLine& line, const platform::RunResult& result,
                        const observe::DriverLint* lint) {
    nlohmann::ordered_json report =
        begin_report(line.action == Action::kReplay ? "replay" : "run", line.config);
    if (!line.replay_file.empty()) report["replay"] = line.replay_file;
    report.update(platform::result_json(result));
    report["lint"] = lint_json(lint);
    return dump_report(report);
}

int run(CommandLine& line) {
    PreparedRun prepared = prepare(line);
    if (!line.problems.empty()) return refuse(line);
    std::FILE* const people = line.config.run.report == "-" ? stderr : stdout;

    std::size_t queues = 1;
    for (const platform::Wave& wave : prepared.workload) queues = std::max(queues, wave.size());

    const platform::ControllerSpec& spec = line.config.first_controller();
    PreparedSubsystem& subsystem = prepared.subsystems.front();
    faults::Injector plan(spec.faults);
    platform::Runner runner({spec.params, line.config.run.interrupts},
                            std::move(subsystem.namespaces), std::move(prepared.workload));
    const platform::Timeline timeline("timeline", runner.controller(),
                                      std::move(subsystem.timeline));
    Observers observers;
    if (const std::string wrong = observers.open(line.config, queues); !wrong.empty()) {
        line.problems.push_back(wrong);
        return refuse(line);
    }
    runner.controller().set_trace(observers.sink(0));
    if (!spec.faults.empty()) runner.controller().set_faults(&plan);
    TerminalProgress progress;
    handle_signals();
    runner.set_interrupt(&interrupted);
    runner.set_progress([&](const platform::Runner::Progress& p) { progress.update(p); });
    runner.set_on_device([&](const platform::DeviceListing& device) {
        print(people, platform::listing_text(device) + "\n");
    });
    platform::RunResult result = runner.run();
    result.faults = plan.results();
    progress.clear();

    print(people, platform::summary_text(result) + lint_text(observers.lint(0)));
    if (const std::string wrong = observers.close(); !wrong.empty()) {
        print(stderr, "nvme-vp: " + wrong + "\n");
        return kRunFailed;
    }
    if (prepared.report && !prepared.report->commit(report_text(line, result, observers.lint(0)))) {
        print(stderr, "nvme-vp: " + prepared.report->problem() + "\n");
        return kRunFailed;
    }
    return timeline_done(timeline) && result.good() && !lint_failed(observers, line.config)
               ? kGood
               : kRunFailed;
}

int execute(int argc, char** argv) {
    CommandLine line = parse_command_line(argc, argv);
    if (!line.problems.empty()) {
        const int code = refuse(line);
        print(stderr, "Try: nvme-vp --help\n");
        return code;
    }
    switch (line.action) {
        case Action::kHelp:
            print(stdout, help_text());
            return kGood;
        case Action::kVersion:
            print(stdout, "nvme-vp " NVME_TLM_VERSION "\n");
            return kGood;
        case Action::kPrintSchema:
            print(stdout, platform::config_schema().dump(1) + "\n");
            return kGood;
        case Action::kListParameters:
            print(stdout, platform::config_markdown());
            return kGood;
        case Action::kDumpConfig:
            print(stdout, platform::config_to_json(line.config).dump(2) + "\n");
            return kGood;
        case Action::kServe: {
            const int code = serve(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kReplaySession: {
            const int code = replay_session(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kRun:
        case Action::kReplay:
            break;
    }
    return run(line);
}

}  // namespace
}  // namespace nvme_vp

int sc_main(int argc, char* argv[]) {
    nvme_vp::quieten_kernel();
    try {
        return nvme_vp::execute(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "nvme-vp: %s\n", error.what());
        return nvme_vp::kRunFailed;
    }
}
