// SPDX-License-Identifier: Apache-2.0
#include "sc_main/run.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "models/faults/injector.h"
#include "models/util/sc_time_ps.h"
#include "platform/control/device_status.h"
#include "platform/runner/fio_json.h"
#include "platform/runner/runner.h"
#include "platform/timeline/timeline.h"
#include "sc_main/energy_report.h"
#include "sc_main/lint_report.h"
#include "sc_main/media_report.h"
#include "sc_main/observers.h"
#include "sc_main/prepared_run.h"
#include "sc_main/report.h"
#include "sc_main/served_report.h"
#include "sc_main/signals.h"
#include "sc_main/standard_streams.h"
#include "sc_main/status_signal.h"
#include "sc_main/subsystem_setup.h"
#include "sc_main/terminal_progress.h"

namespace nvme_vp {

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);  // or a signal handler may not touch it

/// The simulation: host, controllers, and what happens to them.
class Simulation {
public:
    Simulation(const platform::ProgramConfig& config, PreparedRun& prepared)
        : several_(platform::count_controllers(config.system) > 1),
          runner_(config.system, config.run, namespaces_of(prepared),
                  std::move(prepared.workload)) {
        platform::for_each_controller(config.system, [&](std::size_t number, std::size_t,
                                                         const platform::ControllerSpec& spec) {
            plans_.push_back(std::make_unique<faults::Injector>(spec.faults));
            if (!spec.faults.empty()) runner_.controller(number).set_faults(plans_.back().get());
        });
        for (std::size_t i = 0; i < prepared.subsystems.size(); ++i)
            add_timeline(timelines_, runner_.controller_of(i), prepared.subsystems[i]);
    }

    void observe(Observers& observers) {
        for (std::size_t i = 0; i < plans_.size(); ++i)
            runner_.controller(i).set_trace(observers.sink(i));
    }
    [[nodiscard]] platform::Runner& runner() { return runner_; }
    [[nodiscard]] platform::RunResult run() {
        platform::RunResult result = runner_.run();
        for (std::size_t i = 0; i < plans_.size(); ++i)
            for (faults::RuleResult& rule : plans_[i]->results()) {
                if (several_) rule.name = "nvme" + std::to_string(i) + "/" + rule.name;
                result.faults.push_back(std::move(rule));
            }
        return result;
    }
    [[nodiscard]] const Timelines& timelines() const { return timelines_; }
    /// How it stands with all controllers, in words.
    [[nodiscard]] std::string status_text() {
        std::string text;
        for (std::size_t i = 0; i < plans_.size(); ++i)
            text += platform::status_text(platform::device_status(
                "nvme" + std::to_string(i), runner_.controller(i), *plans_[i]));
        return text;
    }

private:
    static std::vector<std::vector<platform::OpenNamespace>> namespaces_of(PreparedRun& prepared) {
        std::vector<std::vector<platform::OpenNamespace>> namespaces;
        for (PreparedSubsystem& subsystem : prepared.subsystems)
            namespaces.push_back(std::move(subsystem.namespaces));
        return namespaces;
    }

    const bool several_;
    platform::Runner runner_;
    std::vector<std::unique_ptr<faults::Injector>> plans_;  // of each controller
    Timelines timelines_;
};

/// Of each controller that has something to say of its media.
std::string media_texts(Simulation& simulation, std::size_t controllers) {
    std::string text;
    const nvme::Subsystem* told = nullptr;  // controllers of a subsystem share their media
    for (std::size_t i = 0; i < controllers; ++i) {
        nvme::NvmeController& controller = simulation.runner().controller(i);
        if (&controller.subsystem() == told) continue;
        told = &controller.subsystem();
        const std::string line = media_text(controller.media_statistics());
        if (controllers != 1 && !line.empty()) text += "nvme" + std::to_string(i) + " ";
        text += line;
    }
    return text;
}

std::string energy_texts(Simulation& simulation, std::size_t controllers) {
    std::string text;
    for (std::size_t i = 0; i < controllers; ++i) {
        const std::string line = energy_text(simulation.runner().controller(i).energy());
        if (controllers != 1 && !line.empty()) text += "nvme" + std::to_string(i) + " ";
        text += line;
    }
    return text;
}

std::string report_text(const CommandLine& line, const PreparedRun& prepared,
                        const platform::RunResult& result, const Observers& observers,
                        platform::Runner& runner) {
    nlohmann::ordered_json report =
        begin_report(line.action == Action::kReplay ? "replay" : "run", line.config);
    if (!line.replay_file.empty()) report["replay"] = line.replay_file;
    if (prepared.recording) report["recording"] = platform::recording_json(*prepared.recording);
    report.update(platform::result_json(result));
    report["served"] = served_json(observers);
    report["media"] = of_each_controller(observers, [&](std::size_t i) {
        return media_json(runner.controller(i).media_statistics());
    });
    report["energy"] = of_each_controller(
        observers, [&](std::size_t i) { return energy_json(runner.controller(i).energy()); });
    report["lint"] = lint_json(observers);
    return dump_report(report);
}

}  // namespace

int run(CommandLine& line) {
    PreparedRun prepared = prepare(line);
    if (!line.problems.empty()) return kUsage;
    std::size_t queues = 1;
    for (const platform::Wave& wave : prepared.workload) queues = std::max(queues, wave.size());
    Simulation simulation(line.config, prepared);
    Observers observers;
    if (const std::string wrong = observers.open(line.config, queues); !wrong.empty()) {
        line.problems.push_back(wrong);
        return kUsage;
    }
    simulation.observe(observers);

    const bool as_fio = line.config.run.output_format != "normal";
    std::FILE* const people = line.config.run.report == "-" || as_fio ? stderr : stdout;
    for (const std::string& note : prepared.notes)
        std::fputs(("note: " + note + "\n").c_str(), people);
    TerminalProgress progress;
    on_first_signal([](int) { interrupted = true; });
    platform::Runner& runner = simulation.runner();
    runner.set_interrupt(&interrupted);
    StatusSignal on_question;
    runner.set_progress([&](const platform::Runner::Progress& p) {
        progress.update(p);
        if (!on_question.take()) return;
        progress.clear();
        tell(people, simulation.status_text());
    });
    runner.set_on_device([&](const platform::DeviceListing& device) {
        tell(people, platform::listing_text(device) + "\n");
    });
    platform::RunResult result = simulation.run();
    if (prepared.recording) result.recorded = prepared.recording->latency;
    progress.clear();
    observers.look(util::ScTimePs().now());

    tell(people, platform::summary_text(result) + media_texts(simulation, observers.controllers()) +
                     energy_texts(simulation, observers.controllers()) +
                     (prepared.recording ? platform::lateness_text(*prepared.recording) : "") +
                     lint_text(observers));
    if (as_fio)
        tell(stdout, dump_report(platform::fio_json(result, prepared.job_options,
                                                    line.config.run.output_format == "json+")));
    bool all_well = good(observers.close());
    all_well =
        committed(prepared.report.get(), report_text(line, prepared, result, observers, runner)) &&
        all_well;
    all_well = timelines_done(simulation.timelines()) && all_well;
    return all_well && result.good() && !lint_failed(observers, line.config) ? kGood : kRunFailed;
}

}  // namespace nvme_vp
