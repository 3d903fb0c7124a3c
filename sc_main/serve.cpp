// SPDX-License-Identifier: Apache-2.0
#include "sc_main/serve.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "models/util/sc_time_ps.h"
#include "models/util/simulate.h"
#include "platform/control/console.h"
#include "platform/session/recording_store.h"
#include "platform/vfio_user/lint_visitor.h"
#include "platform/vfio_user/serve_loop.h"
#include "sc_main/lint_report.h"
#include "sc_main/narrator.h"
#include "sc_main/report.h"
#include "sc_main/served_system.h"
#include "sc_main/signals.h"
#include "sc_main/standard_streams.h"
#include "sc_main/status_signal.h"

namespace nvme_vp {

namespace {

platform::ServePace pace_of(const platform::RunOptions& run) {
    switch (run.pace) {
        case platform::Pace::kRealtime:
            return platform::ServePace::kRealtime;
        case platform::Pace::kAsap:
            return platform::ServePace::kAsap;
        default:
            return platform::ServePace::kEager;
    }
}

std::string report_text(const CommandLine& line, const ServedSystem& system,
                        const Observers& observers, std::chrono::duration<double> host) {
    nlohmann::ordered_json report = begin_report("serve", line.config);
    report["simulated_ns"] = util::ScTimePs().now() / util::kPsPerNs;
    report.update(system.report(observers));
    report["host"] = {{"seconds", host.count()}};
    return dump_report(report);
}

/// Null when nobody asked for it, or with a problem. The namespaces tell what they held.
std::unique_ptr<platform::SessionWriter> begin_recording(CommandLine& line, PreparedRun& prepared) {
    if (line.config.run.record.empty()) return nullptr;
    try {
        std::vector<platform::SessionNamespace> found;
        std::vector<platform::OpenNamespace*> all;
        const auto add = [&](platform::OpenNamespace& ns, std::uint32_t event) {
            if (!ns.store) return;
            found.push_back(platform::describe(ns, event));
            all.push_back(&ns);
        };
        PreparedSubsystem& subsystem = prepared.subsystems.front();
        for (platform::OpenNamespace& ns : subsystem.namespaces) add(ns, 0);
        std::uint32_t event = 0;
        for (platform::TimelineStep& step : subsystem.timeline) add(step.opened, ++event);
        auto writer =
            std::make_unique<platform::SessionWriter>(line.config.run.record, line.config, found);
        for (std::uint32_t place = 0; place < all.size(); ++place)
            all[place]->store = std::make_unique<platform::RecordingStore>(
                std::move(all[place]->store), place,
                [to = writer.get()](platform::MediaContent content) {
                    content.at = util::ScTimePs().now();
                    to->add(content);
                });
        return writer;
    } catch (const std::runtime_error& error) {
        line.problems.emplace_back(error.what());
        return nullptr;
    }
}

/// Null when nobody asked for it, or with a problem.
std::unique_ptr<platform::Console> open_console(CommandLine& line, const ServedSystem& system) {
    if (line.config.run.control.empty() || !line.problems.empty()) return nullptr;
    auto console = std::make_unique<platform::Console>("console", system.controlled());
    if (const std::string wrong = console->open(line.config.run.control); !wrong.empty())
        line.problems.push_back(wrong);
    return console;
}

}  // namespace

int serve(CommandLine& line) {
    PreparedRun prepared = prepare(line);
    if (!line.problems.empty()) return kUsage;
    const std::unique_ptr<platform::SessionWriter> record = begin_recording(line, prepared);
    if (!line.problems.empty()) return kUsage;
    const Narrator narrator(line.config.run.report == "-" ? stderr : stdout, line.config.run);
    ServedSystem system(line.config, prepared, record.get(), line.problems);
    Observers observers;
    if (const std::string wrong = observers.open(line.config, kAllQueues); !wrong.empty())
        line.problems.push_back(wrong);
    const std::unique_ptr<platform::Console> console = open_console(line, system);
    StatusVisitor on_question([&] { system.tell_status(narrator); });
    platform::LintVisitor on_waits(observers.lints());
    platform::ServeLoop loop(pace_of(line.config.run));
    if (line.problems.empty()) system.listen(loop, narrator, line.problems);
    if (!line.problems.empty()) return kUsage;

    system.observe(observers, narrator);
    if (observers.has_traces()) loop.keep_informed([&observers] { observers.flush(); });
    std::optional<StopOnSignals> on_signals(loop.stop());
    if (console) loop.add(*console);
    loop.add(on_question);
    loop.add(on_waits);
    if (const platform::WallClock* wall = loop.wall()) {
        if (console) console->follow(*wall);
        on_waits.follow(*wall);
    }
    for (const platform::SubsystemSpec& subsystem : line.config.system)
        for (const platform::ControllerSpec& controller : subsystem.controllers)
            narrator.say("listening on " + controller.socket + "\n", "listening",
                         {{"socket", controller.socket}});
    const auto begin = std::chrono::steady_clock::now();
    loop.run();
    on_signals.reset();
    const std::chrono::duration<double> host = std::chrono::steady_clock::now() - begin;
    observers.look(util::ScTimePs().now());
    const bool in_time = good(loop.time_is_up() ? util::problem_of(util::Ended::kTimeIsUp) : "");

    bool all_well = good(observers.close()) && in_time;
    all_well = (!record || good(record->close())) && all_well;
    all_well =
        committed(prepared.report.get(), report_text(line, system, observers, host)) && all_well;
    narrator.say(system.summary_text(observers), "end", system.report(observers));
    all_well = timelines_done(system.timelines()) && all_well;
    return all_well && !lint_failed(observers, line.config) && system.expectations_met()
               ? kGood
               : kRunFailed;
}

}  // namespace nvme_vp
