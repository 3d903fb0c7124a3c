// SPDX-License-Identifier: Apache-2.0
#include "sc_main/uml.h"

#include <chrono>
#include <cstdio>
#include <optional>

#include <nlohmann/json.hpp>

#include "models/util/sc_time_ps.h"
#include "models/util/simulate.h"
#include "platform/uml/calendar.h"
#include "platform/uml/guest_process.h"
#include "platform/vfio_user/stop_signal.h"
#include "sc_main/lint_report.h"
#include "sc_main/report.h"
#include "sc_main/signals.h"
#include "sc_main/standard_streams.h"
#include "sc_main/uml_console.h"
#include "sc_main/uml_system.h"

namespace nvme_vp {

namespace {

using platform::uml::GuestProcess;

/// Until the guest ends or cannot go on, or the time that the user has set. Empty, or why that is
/// not a good end.
std::string simulate(const platform::uml::Calendar& calendar,
                     const std::optional<util::TimePs>& until) {
    if (until) {
        sc_core::sc_start(util::ScTimePs().to_sc(*until), sc_core::SC_RUN_TO_TIME);
        if (sc_core::sc_get_status() == sc_core::SC_STOPPED) return calendar.problem();
        sc_core::sc_stop();
        return {};
    }
    const util::Ended ended = util::simulate();
    if (ended == util::Ended::kStarved)
        return "the guest waits for an interrupt, and nothing is left to happen";
    return ended == util::Ended::kStopped ? calendar.problem() : util::problem_of(ended);
}

std::string report_text(const CommandLine& line, const UmlSystem& system,
                        const Observers& observers, const GuestProcess::End& end,
                        std::chrono::duration<double> host) {
    nlohmann::ordered_json report = begin_report("uml", line.config);
    report["simulated_ns"] = util::ScTimePs().now() / util::kPsPerNs;
    report["guest_exit_code"] = end.code;
    report.update(system.report(observers));
    report["host"] = {{"seconds", host.count()}};
    return dump_report(report);
}

/// Nothing of the guest runs any more. Only one that has ended by itself has an exit code.
GuestProcess::End end_of(GuestProcess& guest, const platform::uml::Calendar& calendar,
                         const std::string& wrong) {
    GuestProcess::End end{0, wrong};
    if (calendar.guest_has_ended() && wrong.empty()) end = guest.wait();
    guest.kill();
    return end;
}

}  // namespace

int uml(CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    PreparedRun prepared = prepare(line);
    if (!line.problems.empty()) return kUsage;
    UmlSystem system(line.config, prepared, line.problems);
    Observers observers;
    UmlConsole console;
    GuestProcess guest;
    const platform::uml::GuestOptions options{
        run.kernel, run.initrd, run.append, static_cast<unsigned>(system.controllers()), {}};
    std::string wrong = observers.open(line.config, kAllQueues);
    if (wrong.empty()) wrong = console.open(run.console);
    if (wrong.empty() && line.problems.empty()) wrong = guest.start(options);
    if (!wrong.empty()) line.problems.push_back(wrong);
    if (!line.problems.empty()) return kUsage;

    const std::chrono::seconds patience(run.guest_patience_s);
    platform::uml::Calendar calendar("calendar", {patience}, guest);
    platform::vfio_user::StopSignal stop;
    console.follow(guest.console_path());
    calendar.stop_at(stop);
    calendar.on_pause([&] { console.pass_on_soon(); });
    system.connect(calendar, guest, patience);
    system.observe(observers);
    std::optional<StopOnSignals> on_signals(stop);
    std::optional<util::TimePs> until;
    (void)platform::parse_until(run.until, until);
    const auto begin = std::chrono::steady_clock::now();
    const GuestProcess::End end = end_of(guest, calendar, simulate(calendar, until));
    const std::chrono::duration<double> host = std::chrono::steady_clock::now() - begin;
    on_signals.reset();

    observers.look(util::ScTimePs().now());
    console.pass_on();
    bool all_well = good(end.problem);
    all_well = good(system.power_off()) && all_well;
    all_well = good(console.close()) && all_well;
    all_well = good(observers.close()) && all_well;
    all_well = committed(prepared.report.get(), report_text(line, system, observers, end, host)) &&
               all_well;
    std::FILE* const people = run.report == "-" || run.console == "-" ? stderr : stdout;
    tell(people, system.summary_text(observers));
    all_well = timelines_done(system.timelines()) && all_well;
    const bool checks = !lint_failed(observers, line.config) && system.expectations_met();
    return all_well && checks ? end.code : kRunFailed;
}

}  // namespace nvme_vp
