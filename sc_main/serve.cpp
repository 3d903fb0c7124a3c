// SPDX-License-Identifier: Apache-2.0
#include "sc_main/serve.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "models/util/sc_time_ps.h"
#include "platform/vfio_user/server.h"
#include "sc_main/observers.h"
#include "sc_main/prepared_run.h"

namespace nvme_vp {

namespace {

std::atomic<platform::VfioUserBridge*> serving{nullptr};
static_assert(std::atomic<platform::VfioUserBridge*>::is_always_lock_free);

/// The first signal ends in good order, the second one at once.
void handle_signals(platform::VfioUserBridge& bridge) {
    serving = &bridge;
    struct sigaction action {};
    action.sa_handler = [](int) { serving.load()->request_stop(); };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

/// From here on the bridge may go away.
void ignore_signals() {
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
}

platform::VfioUserServerOptions options_of(const platform::ProgramConfig& config) {
    platform::VfioUserServerOptions options;
    options.controller = config.controller;
    options.socket_path = config.run.socket;
    options.doorbells = config.run.doorbells;
    options.pace = config.run.pace == platform::Pace::kRealtime ? platform::ServePace::kRealtime
                                                                : platform::ServePace::kAsap;
    return options;
}

std::string report_text(const CommandLine& line, platform::VfioUserServer& server,
                        std::chrono::duration<double> host) {
    const nvme::spec::SmartLog smart = server.controller().model().smart();
    const auto low = [](const nvme::spec::Uint128Le& counter) { return counter.low; };
    nlohmann::ordered_json report{
        {"program", "nvme-vp"}, {"version", NVME_TLM_VERSION}, {"command", "serve"}};
    report["configuration"] = platform::config_to_json(line.config);
    for (const char* output : {"vcd", "trace", "report"}) report["configuration"].erase(output);
    report["clients"] = server.bridge().clients_served();
    report["simulated_ns"] = util::ScTimePs().now() / util::kPsPerNs;
    report["controller"] = {{"host_read_commands", low(smart.host_read_commands)},
                            {"host_write_commands", low(smart.host_write_commands)},
                            {"data_units_read", low(smart.data_units_read)},
                            {"data_units_written", low(smart.data_units_written)},
                            {"error_log_entries", low(smart.error_log_entries)}};
    report["host"] = {{"seconds", host.count()}};
    constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
    return report.dump(2, ' ', false, kReplace) + "\n";
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
    platform::VfioUserServer server(options_of(line.config));
    for (platform::OpenNamespace& ns : prepared.namespaces) {
        const std::string wrong = server.controller().add_namespace(ns.config, std::move(ns.store));
        if (!wrong.empty()) line.problems.push_back(wrong);
    }
    Observers observers;
    for (const std::string& wrong :
         {observers.open(line.config.run, line.config.controller.max_io_queues),
          line.problems.empty() ? server.bridge().listen() : std::string{}})
        if (!wrong.empty()) line.problems.push_back(wrong);
    if (!line.problems.empty()) return kUsage;

    server.controller().set_trace(observers.sink());
    handle_signals(server.bridge());
    std::fprintf(line.config.run.report == "-" ? stderr : stdout, "listening on %s\n",
                 line.config.run.socket.c_str());
    std::fflush(stdout);
    const auto begin = std::chrono::steady_clock::now();
    server.bridge().run();
    ignore_signals();
    const std::chrono::duration<double> host = std::chrono::steady_clock::now() - begin;

    if (!good(observers.close())) return kRunFailed;
    if (prepared.report && !prepared.report->commit(report_text(line, server, host)))
        return good(prepared.report->problem()) ? kGood : kRunFailed;
    return kGood;
}

}  // namespace nvme_vp
