// SPDX-License-Identifier: Apache-2.0
#include "sc_main/uml.h"

#include <chrono>
#include <cstdio>
#include <optional>

#include <nlohmann/json.hpp>

#include "models/util/sc_time_ps.h"
#include "models/util/simulate.h"
#include "platform/uml/calendar.h"
#include "platform/vfio_user/stop_signal.h"
#include "sc_main/lint_report.h"
#include "sc_main/processor.h"
#include "sc_main/report.h"
#include "sc_main/signals.h"
#include "sc_main/standard_streams.h"
#include "sc_main/status_signal.h"
#include "sc_main/uml_guests.h"
#include "sc_main/uml_system.h"

namespace nvme_vp {

namespace {

/// Until all guests have ended or one cannot go on, or the time that the user has set. Empty, or
/// why that is not a good end.
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
                        const Observers& observers, const GuestEnds& ends,
                        std::chrono::duration<double> host) {
    nlohmann::ordered_json report = begin_report("uml", line.config);
    report["simulated_ns"] = util::ScTimePs().now() / util::kPsPerNs;
    report["guest_ended"] = ends.all_ended;
    report["guest_exit_code"] = ends.code();
    if (ends.codes.size() > 1) report["guest_exit_codes"] = ends.codes;
    report.update(system.report(observers));
    report["host"] = {{"seconds", host.count()}};
    return dump_report(report);
}

/// The simulation has come to the time that the user has set; the guest or a signal may end it
/// before.
bool reached(const std::optional<util::TimePs>& until) {
    return until && util::ScTimePs().now() >= *until;
}

}  // namespace

int uml(CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    PreparedRun prepared = prepare(line);
    if (!line.problems.empty()) return kUsage;
    std::string wrong = run.processor ? run_on_processor(*run.processor) : "";
    UmlSystem system(line.config, prepared, line.problems);
    Observers observers;
    UmlGuests guests;
    if (wrong.empty()) wrong = observers.open(line.config, kAllQueues);
    if (wrong.empty() && line.problems.empty()) wrong = guests.start(line.config);
    if (!wrong.empty()) line.problems.push_back(wrong);
    if (!line.problems.empty()) return kUsage;

    const std::chrono::seconds patience(run.guest_patience_s);
    platform::uml::Calendar calendar("calendar", {patience}, guests.process(0));
    for (std::size_t number = 1; number < guests.count(); ++number)
        calendar.add(guests.process(number));
    platform::vfio_user::StopSignal stop;
    calendar.stop_at(stop);
    std::FILE* const people = run.report == "-" || run.console == "-" ? stderr : stdout;
    StatusSignal on_question;
    calendar.on_pause([&] {
        guests.pass_on_soon();
        if (on_question.take()) tell(people, system.status_text());
    });
    system.connect(calendar, guests, patience);
    system.observe(observers);
    std::optional<StopOnSignals> on_signals(stop);
    std::optional<util::TimePs> until;
    (void)platform::parse_until(run.until, until);
    const auto begin = std::chrono::steady_clock::now();
    const GuestEnds ends = guests.end(calendar, simulate(calendar, until));
    const std::chrono::duration<double> host = std::chrono::steady_clock::now() - begin;
    on_signals.reset();

    observers.look(util::ScTimePs().now());
    tell_problems(ends.problems);
    bool all_well = ends.problems.empty();
    if (run.ending == platform::Ending::kPowerCut && reached(until))
        system.cut_power();
    else
        all_well = good(system.power_off()) && all_well;
    all_well = good(guests.close_consoles()) && all_well;
    all_well = good(observers.close()) && all_well;
    all_well = committed(prepared.report.get(), report_text(line, system, observers, ends, host)) &&
               all_well;
    tell(people, system.summary_text(observers));
    all_well = timelines_done(system.timelines()) && all_well;
    const bool checks = !lint_failed(observers, line.config) && system.expectations_met();
    return all_well && checks ? ends.code() : kRunFailed;
}

}  // namespace nvme_vp
