// SPDX-License-Identifier: Apache-2.0
#include "sc_main/prepared_run.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include "platform/config/input_file.h"
#include "platform/runner/runner.h"
#include "platform/runner/workloads.h"
#include "platform/workload/default_job.h"
#include "platform/workload/job_plan.h"
#include "sc_main/observers.h"

namespace nvme_vp {

namespace {

using platform::Target;

const Target* find(const std::vector<Target>& targets, std::uint32_t nsid, CommandLine& line) {
    for (const Target& target : targets)
        if (target.nsid == nsid) return &target;
    line.problems.push_back("there is no namespace " + std::to_string(nsid));
    return nullptr;
}

/// The job file of the user, and what is wrong with it.
struct OwnJob {
    platform::JobFile file;
    std::vector<std::string> problems;
};

/// Once: it may be a pipe. Nothing: there is none.
std::optional<OwnJob> read_own_job(const CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    if (line.action != Action::kRun || run.job.empty() || !run.copy.empty()) return std::nullopt;
    OwnJob job;
    const std::optional<std::string> text = platform::read_text_file(run.job, job.problems);
    if (!text) return job;
    job.file = platform::parse_job_file(*text, run.job, run.job_set);
    for (std::string& message : job.file.messages()) job.problems.push_back(std::move(message));
    return job;
}

/// `keep`: the content of the namespace must not be overwritten without the user saying so.
OwnJob default_job(const std::string& job_set, bool keep) {
    OwnJob job;
    job.file = platform::parse_job_file(
        keep ? platform::default_read_job_file() : platform::default_job_file(), "default job",
        job_set);
    job.problems = job.file.messages();
    return job;
}

/// Namespaces that nobody has chosen become as large as the job needs.
void add_bytes_for_job(const platform::JobFile& job, platform::SystemSpec& system,
                       std::vector<std::string>& notes) {
    constexpr std::uint64_t kMiB = 1 << 20;
    const std::uint64_t needed = platform::bytes_of(job);
    const std::uint64_t size = (needed + kMiB - 1) / kMiB * kMiB;
    if (needed <= default_namespace().size || needed > platform::kMostJobBytes) return;
    for (platform::SubsystemSpec& subsystem : system)
        for (platform::NamespaceSpec& spec : subsystem.namespaces) spec.size = size;
    notes.push_back(job.file_name + ": the namespace has " + std::to_string(size / kMiB) +
                    " MiB, as the job needs");
}

/// So do queues.
void add_queue_entries_for_job(const platform::JobFile& job, platform::SystemSpec& system,
                               std::vector<std::string>& notes) {
    std::uint32_t needed = 0;
    for (const platform::Job& section : job.jobs) needed = std::max(needed, section.iodepth + 1);
    const std::uint32_t usual = nvme::ControllerParams{}.max_queue_entries;
    std::uint32_t entries = usual;
    while (entries < needed) entries *= 2;
    bool larger = false;
    for (platform::SubsystemSpec& subsystem : system)
        for (platform::ControllerSpec& controller : subsystem.controllers) {
            if (needed <= usual || controller.params.max_queue_entries != usual) continue;
            controller.params.max_queue_entries = entries;
            larger = true;
        }
    if (larger)
        notes.push_back(job.file_name + ": max_queue_entries is " + std::to_string(entries) +
                        ", as iodepth needs");
}

/// Of the jobs that run at the same time, each clone has a queue pair.
std::uint64_t queues_of(const platform::JobFile& job) {
    std::uint64_t most = 0;
    std::uint64_t now = 0;
    unsigned wave = 0;
    for (const platform::Job& section : job.jobs) {
        now = section.wave == wave ? now + section.numjobs : section.numjobs;
        wave = section.wave;
        most = std::max(most, now);
    }
    return most;
}

/// So does the number of queues, which no choice of the user is changed for.
void add_queues_for_job(const platform::JobFile& job, platform::SystemSpec& system,
                        std::vector<std::string>& notes) {
    constexpr std::uint64_t kMostQueues = 1023;
    const std::uint64_t needed = queues_of(job);
    const std::uint16_t usual = nvme::ControllerParams{}.max_io_queues;
    if (needed <= usual || needed > kMostQueues) return;
    bool more = false;
    for (platform::SubsystemSpec& subsystem : system)
        for (platform::ControllerSpec& controller : subsystem.controllers) {
            if (controller.params.max_io_queues != usual) continue;
            controller.params.max_io_queues = static_cast<std::uint16_t>(needed);
            more = true;
        }
    if (more)
        notes.push_back(job.file_name + ": max_io_queues is " + std::to_string(needed) +
                        ", as numjobs needs");
}

void add_room_for_job(const OwnJob& job, CommandLine& line, std::vector<std::string>& notes) {
    if (!job.problems.empty()) return;
    if (line.default_namespaces) add_bytes_for_job(job.file, line.config.system, notes);
    add_queue_entries_for_job(job.file, line.config.system, notes);
    add_queues_for_job(job.file, line.config.system, notes);
}

/// Without a choice of the user: as many and as large as a recording needs.
void add_namespaces_for(const platform::RecordingSummary& recording, std::uint32_t redirect,
                        platform::SubsystemSpec& subsystem) {
    if (!subsystem.namespaces.empty()) return;
    for (const platform::RecordingSummary::Device& device : recording.devices) {
        platform::NamespaceSpec spec = default_namespace();
        const std::uint64_t blocks = (device.end + spec.lba_size - 1) / spec.lba_size;
        spec.size = std::max(spec.size, blocks * spec.lba_size);
        spec.nsid = static_cast<std::uint32_t>(subsystem.namespaces.size() + 1);
        if (redirect != 0) spec.nsid = redirect;
        subsystem.namespaces.push_back(spec);
    }
    if (recording.devices.empty()) subsystem.namespaces.push_back(default_namespace());
}

/// A controller may have less than that.
void check_namespace_count(const platform::RecordingSummary& recording,
                           const platform::SystemSpec& system, CommandLine& line) {
    const std::uint32_t most = system.front().controllers.front().params.max_namespaces;
    const std::uint64_t needed =
        std::max<std::uint64_t>(recording.devices.size(), line.config.run.replay.redirect);
    if (system.front().namespaces.empty() && needed > most)
        line.problems.push_back(line.replay_file + ": needs " + std::to_string(needed) +
                                " namespaces, but max_namespaces is " + std::to_string(most) +
                                "; replay_device chooses devices, replay_redirect puts all into "
                                "one namespace");
}

/// NSIDs of the first subsystem: images that were there before this run, what is read-only, and
/// what keeps nothing that could be read back.
std::set<std::uint32_t> find_existing(const std::vector<platform::NamespaceSpec>& specs) {
    std::set<std::uint32_t> existing;
    std::error_code error;
    for (const platform::NamespaceSpec& spec : specs)
        if (spec.read_only || spec.store == platform::StoreKind::kNull ||
            (spec.store == platform::StoreKind::kFile && std::filesystem::exists(spec.path, error)))
            existing.insert(spec.nsid);
    return existing;
}

platform::Workload make_workload(CommandLine& line, const std::vector<Target>& targets,
                                 const std::set<std::uint32_t>& existing,
                                 std::optional<OwnJob> own_job, PreparedRun& prepared) {
    const platform::RunOptions& run = line.config.run;
    if (prepared.recording)
        return replay_workload(line.replay_file, *prepared.recording, targets, run, line.problems);
    if (!run.copy.empty()) {
        std::uint32_t from = 0;
        std::uint32_t to = 0;
        (void)platform::parse_copy(run.copy, from, to);
        const Target* source = find(targets, from, line);
        const Target* target = find(targets, to, line);
        if (source == nullptr || target == nullptr) return {};
        return copy_workload(*source, *target, run.depth, line.problems);
    }
    const Target* target = run.nsid == 0 ? &targets.front() : find(targets, run.nsid, line);
    if (target == nullptr) return {};
    if (!own_job) own_job = default_job(run.job_set, existing.count(target->nsid) != 0);
    line.problems.insert(line.problems.end(), own_job->problems.begin(), own_job->problems.end());
    if (!own_job->problems.empty()) return {};
    const platform::JobFile& job = own_job->file;
    prepared.job_options = job.global_options;
    if (const std::string note = job.note(); !note.empty()) prepared.notes.push_back(note);
    prepared.notes.insert(prepared.notes.end(), job.notes.begin(), job.notes.end());
    const platform::ChosenTargets chosen =
        choose_targets(job, targets, *target, run.nsid != 0, line.problems);
    if (!chosen.note.empty()) prepared.notes.push_back(chosen.note);
    return job_workload(job, chosen.of_jobs, line.problems, &prepared.notes);
}

std::vector<Target> find_targets(const platform::SystemSpec& system, const PreparedRun& run) {
    std::vector<const std::vector<platform::OpenNamespace>*> namespaces;
    for (const PreparedSubsystem& subsystem : run.subsystems)
        namespaces.push_back(&subsystem.namespaces);
    return targets_of(system, namespaces);
}

/// An output that is also an input, or two outputs in one file, would destroy data.
void check_paths(CommandLine& line) {
    struct Named {
        const char* what;
        std::filesystem::path path;
    };
    std::vector<Named> seen;
    const auto check = [&](const char* what, const std::string& path, bool output) {
        if (path.empty() || path == "-") return;
        std::error_code error;
        const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
        if (error || (output && std::filesystem::exists(real, error) &&
                      !std::filesystem::is_regular_file(real, error)))
            return;  // opening it will say what is wrong; a device may be written by many
        for (const Named& other : seen)
            if (output && other.path == real)
                line.problems.push_back(std::string{what} + " = \"" + path +
                                        "\": the same file as " + other.what);
        seen.push_back({what, real});
    };
    check("config", line.config_file, false);
    check("the recorded trace", line.replay_file, false);
    check("job", line.config.run.job, false);
    for (const platform::SubsystemSpec& subsystem : line.config.system) {
        for (const platform::NamespaceSpec& spec : subsystem.namespaces)
            check("a namespace", spec.path, false);
        for (const platform::TimelineEvent& event : subsystem.events)
            check("a namespace", event.ns.path, false);
    }
    check("record", line.config.run.record, true);
    const platform::RunOptions& run = line.config.run;
    check("vcd", run.vcd, true);
    if (!run.vcd.empty()) {
        check("the view of vcd", run.vcd + ".gtkw", true);
        check("the view of vcd", run.vcd + ".sucl", true);
    }
    for (std::size_t i = 0; i < platform::count_controllers(line.config.system); ++i) {
        check("trace", path_of_controller(run.trace, line.config, i), true);
        check("trace_binary", path_of_controller(run.trace_binary, line.config, i), true);
        check("driver_report", named_for_controller(run.driver_report, line.config, i), true);
    }
    check("report", line.config.run.report, true);
}

void open_report(CommandLine& line, PreparedRun& run) {
    if (line.config.run.report.empty() || is_page(line.config.run.report)) return;
    run.report = std::make_unique<platform::OutputFile>(line.config.run.report);
    if (!run.report->problem().empty()) line.problems.push_back(run.report->problem());
}

/// What the session found, in memory.
PreparedSubsystem open_session(CommandLine& line) {
    PreparedSubsystem run;
    for (const platform::TimelineEvent& event : line.config.first_subsystem().events)
        run.timeline.emplace_back().event = event;
    const platform::Session& session = *line.session;
    for (std::size_t i = 0; i < session.namespaces.size(); ++i) {
        platform::OpenNamespace ns = platform::open_session_namespace(session, i, line.problems);
        const std::uint32_t event = session.namespaces[i].event;
        if (event == 0)
            run.namespaces.push_back(std::move(ns));
        else if (event <= run.timeline.size())
            run.timeline[event - 1].opened = std::move(ns);
    }
    for (const platform::TimelineStep& step : run.timeline)
        if (step.event.action == platform::TimelineAction::kAdd && !step.opened.store)
            line.problems.push_back(line.replay_file + ":2: the namespace of the event at " +
                                    std::to_string(step.event.at_ns) + " ns is missing");
    return run;
}

}  // namespace

PreparedRun prepare(CommandLine& line) {
    PreparedRun run;
    if (line.session) {
        check_paths(line);
        if (!line.problems.empty()) return run;
        run.subsystems.push_back(open_session(line));
        open_report(line, run);
        return run;
    }
    const platform::ReplayOptions& replay = line.config.run.replay;
    if (line.action == Action::kReplay)
        run.recording = platform::scan_recording(line.replay_file, replay, line.problems);
    if (run.recording && line.problems.empty())
        check_namespace_count(*run.recording, line.config.system, line);
    if (!line.problems.empty()) return run;
    platform::SubsystemSpec& first = line.config.first_subsystem();
    if (run.recording) {
        for (platform::SubsystemSpec& subsystem : line.config.system)
            add_namespaces_for(*run.recording, replay.redirect, subsystem);
        check_events(line);
    }
    std::optional<OwnJob> job = read_own_job(line);
    if (job) add_room_for_job(*job, line, run.notes);
    check_paths(line);
    if (!line.problems.empty()) return run;
    const std::set<std::uint32_t> existing = find_existing(first.namespaces);
    for (const platform::SubsystemSpec& subsystem : line.config.system)
        run.subsystems.push_back({platform::open_namespaces(subsystem.namespaces, line.problems),
                                  platform::open_timeline(subsystem.events, line.problems)});
    if (!line.problems.empty()) return run;
    // A server's client brings its own workload, and so does a guest.
    if (line.action != Action::kServe && line.action != Action::kUml)
        run.workload = make_workload(line, find_targets(line.config.system, run), existing,
                                     std::move(job), run);
    if (!line.problems.empty()) return run;
    if (run.recording)
        for (const std::string& note : notes_of(*run.recording))
            run.notes.push_back(line.replay_file + ": " + note);
    line.problems = platform::check_workload(run.workload, line.config.system);
    open_report(line, run);
    return run;
}

}  // namespace nvme_vp
