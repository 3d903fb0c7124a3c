// SPDX-License-Identifier: Apache-2.0
#include "sc_main/replay_session.h"

#include <chrono>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "models/faults/injector.h"
#include "models/nvme/module/nvme_controller.h"
#include "models/util/sc_time_ps.h"
#include "models/util/simulate.h"
#include "platform/runner/run_result.h"
#include "platform/session/session_player.h"
#include "sc_main/lint_report.h"
#include "sc_main/observers.h"
#include "sc_main/prepared_run.h"
#include "sc_main/report.h"
#include "sc_main/served_report.h"
#include "sc_main/standard_streams.h"

namespace nvme_vp {

namespace {

using platform::SessionResult;

/// The controller, and the player in the place of its host.
struct Replayed {
    explicit Replayed(const CommandLine& line)
        : plan(line.config.first_controller().faults),
          controller("nvme0", line.config.first_controller().params),
          player("player", line.session->events) {
        if (!line.config.first_controller().faults.empty()) controller.set_faults(&plan);
        player.config.bind(controller.config);
        player.bar0.bind(controller.bar0);
        player.bar4.bind(controller.bar4);
        controller.dma.bind(player.dma);
        player.perst_n.bind(perst_n);
        controller.perst_n.bind(perst_n);
        player.on_power_cycle([this] { (void)controller.power_cycle(); });
    }
    faults::Injector plan;
    nvme::NvmeController controller;
    platform::SessionPlayer player;
    sc_core::sc_signal<bool> perst_n{"perst_n", true};
};

std::string summary_text(const SessionResult& r, util::Ended ended) {
    std::string text = "replayed " + std::to_string(r.accesses) + " accesses of the host, " +
                       std::to_string(r.dma_reads) + " DMA reads, " + std::to_string(r.dma_writes) +
                       " DMA writes, " + std::to_string(r.messages) + " MSI-X messages\n";
    if (r.differences == 0 && ended != util::Ended::kStopped)
        text += "the end of the recording was not reached";
    else if (r.differences == 0)
        text += "the controller did what was recorded";
    else
        text += "differences: " + std::to_string(r.differences);
    if (r.at_other_times == 0)
        text += ", all at the recorded times\n";
    else
        text += ", " + std::to_string(r.at_other_times) + " times earlier or later, by up to " +
                std::to_string(r.largest_shift) + " ps\n";
    for (const std::string& difference : r.described) text += "  " + difference + "\n";
    if (r.differences > r.described.size()) text += "  and more\n";
    return text;
}

std::string report_text(const CommandLine& line, const SessionResult& r, const Observers& observers,
                        const std::vector<faults::RuleResult>& faults, double host_seconds) {
    nlohmann::ordered_json report = begin_report("replay", line.config);
    report["replay"] = line.replay_file;
    report["simulated_ns"] = util::ScTimePs().now() / util::kPsPerNs;
    report["session"] = {{"accesses", r.accesses},
                         {"dma_reads", r.dma_reads},
                         {"dma_writes", r.dma_writes},
                         {"messages", r.messages},
                         {"at_other_times", r.at_other_times},
                         {"largest_shift_ps", r.largest_shift},
                         {"differences", r.differences},
                         {"described", r.described}};
    report["served"] = served_json(observers);
    report["lint"] = lint_json(observers);
    report["faults"] = platform::faults_json(faults);
    report["host"] = {{"seconds", host_seconds}};
    return dump_report(report);
}

}  // namespace

int replay_session(CommandLine& line) {
    PreparedRun prepared = prepare(line);
    if (!line.problems.empty()) return kUsage;
    Replayed replayed(line);
    PreparedSubsystem& subsystem = prepared.subsystems.front();
    for (platform::OpenNamespace& ns : subsystem.namespaces) {
        const std::string wrong = replayed.controller.add_namespace(ns.config, std::move(ns.store));
        if (!wrong.empty()) line.problems.push_back(wrong);
    }
    const platform::Timeline timeline("timeline", replayed.controller,
                                      std::move(subsystem.timeline));
    Observers observers;
    if (const std::string wrong = observers.open(line.config, kAllQueues); !wrong.empty())
        line.problems.push_back(wrong);
    if (!line.problems.empty()) return kUsage;

    replayed.controller.set_trace(observers.sink(0));
    const auto begin = std::chrono::steady_clock::now();
    const util::Ended ended = util::simulate();
    const std::chrono::duration<double> host = std::chrono::steady_clock::now() - begin;

    observers.look(util::ScTimePs().now());
    const SessionResult& result = replayed.player.result();
    std::FILE* const people = line.config.run.report == "-" ? stderr : stdout;
    const std::vector<faults::RuleResult> faults = replayed.plan.results();
    tell(people, summary_text(result, ended) + platform::faults_text(faults) +
                     lint_text(observers.lint(0)));
    bool all_well = good(util::problem_of(ended));
    all_well = good(observers.close()) && all_well;
    all_well = committed(prepared.report.get(),
                         report_text(line, result, observers, faults, host.count())) &&
               all_well;
    all_well = timeline_done(timeline) && all_well;
    return all_well && result.differences == 0 && platform::all_met(faults) &&
                   !lint_failed(observers, line.config)
               ? kGood
               : kRunFailed;
}

}  // namespace nvme_vp
