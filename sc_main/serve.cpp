// SPDX-License-Identifier: Apache-2.0
#include "sc_main/serve.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

#include "models/faults/injector.h"
#include "models/util/sc_time_ps.h"
#include "platform/runner/run_result.h"
#include "platform/session/recording_store.h"
#include "platform/vfio_user/serve_loop.h"
#include "platform/vfio_user/server.h"
#include "sc_main/lint_report.h"
#include "sc_main/observers.h"
#include "sc_main/prepared_run.h"
#include "sc_main/report.h"

namespace nvme_vp {

namespace {

std::atomic<platform::ServeLoop*> serving{nullptr};
static_assert(std::atomic<platform::ServeLoop*>::is_always_lock_free);

/// The first signal ends in good order, the second one at once.
void handle_signals(platform::ServeLoop& loop) {
    serving = &loop;
    struct sigaction action {};
    action.sa_handler = [](int) { serving.load()->request_stop(); };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

/// From here on the loop may go away.
void ignore_signals() {
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
}

platform::VfioUserServerOptions options_of(const platform::ProgramConfig& config,
                                           platform::SessionWriter* record) {
    platform::VfioUserServerOptions options;
    options.controller = config.controller;
    options.socket_path = config.run.socket;
    options.doorbells = config.run.doorbells;
    options.record = record;
    return options;
}

platform::ServePace pace_of(const platform::RunOptions& run) {
    return run.pace == platform::Pace::kRealtime ? platform::ServePace::kRealtime
                                                 : platform::ServePace::kAsap;
}

std::string report_text(const CommandLine& line, platform::VfioUserServer& server,
                        const observe::DriverLint* lint,
                        const std::vector<faults::RuleResult>& faults,
                        std::chrono::duration<double> host) {
    const nvme::spec::SmartLog smart = server.controller().model().smart();
    const auto low = [](const nvme::spec::Uint128Le& counter) { return counter.low; };
    nlohmann::ordered_json report = begin_report("serve", line.config);
    report["clients"] = server.bridge().clients_served();
    const platform::Shutdowns& shutdowns = server.shutdowns();
    report["shutdowns"] = {
        {"normal", shutdowns.normal}, {"abrupt", shutdowns.abrupt}, {"none", shutdowns.none}};
    report["simulated_ns"] = util::ScTimePs().now() / util::kPsPerNs;
    report["controller"] = {{"host_read_commands", low(smart.host_read_commands)},
                            {"host_write_commands", low(smart.host_write_commands)},
                            {"data_units_read", low(smart.data_units_read)},
                            {"data_units_written", low(smart.data_units_written)},
                            {"error_log_entries", low(smart.error_log_entries)}};
    report["lint"] = lint_json(lint);
    report["faults"] = platform::faults_json(faults);
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
        for (platform::OpenNamespace& ns : prepared.namespaces) add(ns, 0);
        std::uint32_t event = 0;
        for (platform::TimelineStep& step : prepared.timeline) add(step.opened, ++event);
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

/// True unless there is something wrong, which becomes a line on standard error.
bool good(const std::string& wrong) {
    if (!wrong.empty()) std::fprintf(stderr, "nvme-vp: %s\n", wrong.c_str());
    return wrong.empty();
}

}  // namespace

int serve(CommandLine& line) {
    PreparedRun prepared = prepare(line);
    if (!line.problems.empty()) return kUsage;
    const std::unique_ptr<platform::SessionWriter> record = begin_recording(line, prepared);
    if (!line.problems.empty()) return kUsage;
    faults::Injector plan(line.config.faults);
    platform::VfioUserServer server(options_of(line.config, record.get()));
    for (platform::OpenNamespace& ns : prepared.namespaces) {
        const std::string wrong = server.controller().add_namespace(ns.config, std::move(ns.store));
        if (!wrong.empty()) line.problems.push_back(wrong);
    }
    const platform::Timeline timeline("timeline", server.controller(),
                                      std::move(prepared.timeline));
    Observers observers;
    for (const std::string& wrong :
         {observers.open(line.config, line.config.controller.max_io_queues),
          line.problems.empty() ? server.bridge().listen() : std::string{}})
        if (!wrong.empty()) line.problems.push_back(wrong);
    if (!line.problems.empty()) return kUsage;

    server.controller().set_trace(observers.sink());
    if (!line.config.faults.empty()) server.controller().set_faults(&plan);
    platform::ServeLoop loop(pace_of(line.config.run));
    loop.add(server.bridge());
    handle_signals(loop);
    std::FILE* const people = line.config.run.report == "-" ? stderr : stdout;
    std::fprintf(people, "listening on %s\n", line.config.run.socket.c_str());
    std::fflush(people);
    const auto begin = std::chrono::steady_clock::now();
    loop.run();
    ignore_signals();
    const std::chrono::duration<double> host = std::chrono::steady_clock::now() - begin;

    const std::vector<faults::RuleResult> faults = plan.results();
    if (!good(observers.close()) || (record && !good(record->close()))) return kRunFailed;
    if (prepared.report &&
        !prepared.report->commit(report_text(line, server, observers.lint(), faults, host)))
        return good(prepared.report->problem()) ? kGood : kRunFailed;
    std::fputs((platform::faults_text(faults) + lint_text(observers.lint())).c_str(), people);
    const bool all_done = timeline_done(timeline);
    const bool failed =
        !all_done || lint_failed(observers.lint(), line.config) || !platform::all_met(faults);
    return failed ? kRunFailed : kGood;
}

}  // namespace nvme_vp
