// SPDX-License-Identifier: Apache-2.0
#include "platform/config/program_config.h"

#include <optional>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "models/faults/rule.h"
#include "models/observe/lint_rules.h"
#include "models/observe/vcd/vcd_trigger.h"
#include "models/util/ends_in.h"
#include "platform/config/input_file.h"
#include "platform/config/json_text.h"
#include "platform/config/nearest_name.h"
#include "platform/config/param_list.h"
#include "platform/config/preset.h"
#include "platform/config/trace_options.h"
#include "platform/workload/job_options.h"
#include "platform/workload/units.h"

namespace platform {

namespace {

using Problems = std::vector<std::string>;

/// A second: what takes the host longer is a hang, and has a time-out.
constexpr std::uint64_t kLongestCostNs = 1'000'000'000;

/// An hour: whoever sets more wants none.
constexpr std::uint64_t kLongestTimeoutNs = 3'600'000'000'000;

/// Of a mask of the host's kernel.
constexpr std::uint64_t kLastProcessor = 1023;

/// What a simulation can count to: 213 days.
constexpr std::uint64_t kLastNs = util::kNever / util::kPsPerNs;

}  // namespace

ParamList parameters_of(RunOptions& p) {
    return {
        {{"preset", "",
          "begin with the parameters of a realistic drive, which the other keys change; "
          "--list-presets"},
         p.preset},
        {{"job", "", "fio job file to run; none: the built-in job"}, p.job},
        {{"job_set", "",
          "job options that all sections have instead of their own: key=value, separated by "
          "blanks"},
         p.job_set},
        {{"copy", "", "FROM:TO: copy one namespace to another instead of running a job"}, p.copy},
        {{"nsid", "", "namespace that all jobs use; 0: what their filename says, or the first", 0,
          65536},
         p.nsid},
        {{"depth", "requests", "in flight during a copy or a replay", 1, 65534}, p.depth},
        {{"pace", "",
          "replay: keep the recorded times, or as soon as depth allows; serve: realtime follows "
          "the clock on the wall, asap runs ahead, eager (and recorded) runs ahead while there is "
          "work and follows the clock on the wall when there is none"},
         p.pace},
        {{"replay_format", "", "replay: what the file is; none: what it looks like"},
         p.replay.format},
        {{"replay_time_scale", "%",
          "replay: of the recorded rate; 50: half as fast, 200: twice as fast", 1, 1'000'000},
         p.replay.time_scale},
        {{"replay_gap_ns", "ns",
          "replay: longer pauses between two requests become as long as this; null: none does", 0,
          kLastNs},
         p.replay.gap_ns},
        {{"replay_from_ns", "ns", "replay: what was recorded before this is left out", 0, kLastNs},
         p.replay.from_ns},
        {{"replay_to_ns", "ns",
          "replay: what was recorded at this time or after it is left out; null: nothing is", 1,
          kLastNs},
         p.replay.to_ns},
        {{"replay_first", "requests", "replay: so many requests, then it ends; 0: all"},
         p.replay.first},
        {{"replay_skip", "",
          "replay: operations that are left out: read, write, trim, sync, zero, separated by "
          "commas"},
         p.replay.skip},
        {{"replay_device", "",
          "replay: only these disks or volumes of the recording, separated by blanks; none: all"},
         p.replay.device},
        {{"replay_redirect", "",
          "replay: the namespace that all devices go to; 0: each has its own", 0, 65536},
         p.replay.redirect},
        {{"replay_scale", "", "replay: addresses are divided by this", 1, 1'000'000'000},
         p.replay.scale},
        {{"replay_align", "bytes",
          "replay: requests are made to begin and end at multiples of this power of 2; 0: as "
          "recorded",
          0, 1 << 30},
         p.replay.align},
        {{"replay_beyond", "",
          "replay: what ends beyond its namespace is an error, or comes into it modulo its size, "
          "or with all other addresses of its device made smaller"},
         p.replay.beyond},
        {{"replay_queues", "queues", "replay: so many queue pairs, each of this depth", 1, 1024},
         p.replay.queues},
        {{"replay_queue_by", "",
          "replay: the queue of a request is the next, or its device, processor or process modulo "
          "replay_queues"},
         p.replay.queue_by},
        {{"replay_damaged", "",
          "replay: a line that cannot be understood is an error, or is left out and counted"},
         p.replay.damaged},
        {{"replay_action", "",
          "replay of blktrace, blkparse: the requests as the file system queued them (Q) or as the "
          "driver got them (D)"},
         p.replay.action},
        {{"replay_block_bytes", "bytes",
          "replay of ftrace, spdk: the block that the recording counts in", 1, 1 << 20},
         p.replay.block_bytes},
        {{"interrupts", "", "how the driver learns of completions; intx needs controller/intx"},
         p.interrupts},
        {{"host", "", "what the driver's own work costs: nothing, or about what a server's does"},
         p.host},
        {{"host_submit_ns", "ns", "to build a command and queue it; null: as host says", 0,
          kLongestCostNs},
         p.host_submit_ns},
        {{"host_register_ns", "ns", "until a doorbell has left the processor; null: as host says",
          0, kLongestCostNs},
         p.host_register_ns},
        {{"host_interrupt_ns", "ns", "until the handler of an interrupt runs; null: as host says",
          0, kLongestCostNs},
         p.host_interrupt_ns},
        {{"host_poll_ns", "ns", "between two looks at a polled queue; null: as host says", 1,
          kLongestCostNs},
         p.host_poll_ns},
        {{"driver_shadow_doorbells", "",
          "the driver asks for shadow doorbells (Doorbell Buffer Config) of its I/O queues"},
         p.driver_shadow_doorbells},
        {{"driver_coalesce_completions", "entries",
          "Interrupt Coalescing: an interrupt for so many completions; 0: for each", 0, 256},
         p.driver_coalesce_completions},
        {{"driver_coalesce_us", "us",
          "Interrupt Coalescing: an interrupt is late by so much at most; a multiple of 100", 0,
          25'500},
         p.driver_coalesce_us},
        {{"driver_wrr_weights", "",
          "HIGH:MEDIUM:LOW: Arbitration, for jobs with queue_priority; none: the controller's"},
         p.driver_wrr_weights},
        {{"root_complex_bandwidth", "bytes/s",
          "what all controllers together write to host memory, and what they read from it, at "
          "most; 0: no limit",
          0, 1'000'000'000'000'000},
         p.root_complex_bandwidth},
        {{"root_complex_latency_ns", "ns", "of each access of a controller to host memory", 0,
          util::kMostNs},
         p.root_complex_latency_ns},
        {{"socket", "", "serve: the UNIX socket to create"}, p.socket},
        {{"doorbells", "", "serve: each doorbell is a message, or they are memory that is polled"},
         p.doorbells},
        {{"record", "", "serve: write all that client and controller exchange to this file"},
         p.record},
        {{"control", "",
          "serve: create a UNIX socket at which nvme-vp ctl asks and does something"},
         p.control},
        {{"quiet", "", "serve: tell nothing but problems"}, p.quiet},
        {{"json_lines", "", "serve: tell what happens as JSON, an object in each line"},
         p.json_lines},
        {{"kernel", "",
          "uml: the guest, a Linux built for User Mode Linux; here and in the next three, %g is "
          "the number of the guest"},
         p.kernel},
        {{"initrd", "", "uml: its initial file system; none: it has one of its own"}, p.initrd},
        {{"append", "", "uml: more of its command line"}, p.append},
        {{"console", "", "uml: what the guest says goes to this file; -: to standard output"},
         p.console},
        {{"until", "",
          "uml: ends the simulation at this time (ps, ns, us, ms, s, m, h; a number alone: s), or "
          "with the "
          "guest's exit; explore: a guest that goes on then hangs"},
         p.until},
        {{"ending", "",
          "uml: at the time of until the disks are switched off in good order, or lose power: what "
          "their write caches hold is completed, or lost"},
         p.ending},
        {{"guest_patience_s", "s",
          "uml: a guest that runs so long, by the clock on the wall, without asking for time is "
          "ended",
          1, 86'400},
         p.guest_patience_s},
        {{"processor", "",
          "uml: simulation and guest, which take turns, run on this processor of the host, which "
          "saves half of the time; null: on any",
          0, kLastProcessor},
         p.processor},
        {{"lint", "", "tell what the driver does wrong, as it happens"}, p.lint},
        {{"strict", "", "exit code 1 when the lint has found anything"}, p.strict},
        {{"vcd", "", "write a waveform for GTKWave to this file"}, p.vcd},
        {{"vcd_signals", "",
          "only these: patterns such as queues.1.*,link separated by commas; none: all"},
         p.vcd_signals},
        {{"vcd_slots", "commands", "in flight of a queue that the waveform shows one by one", 0,
          1024},
         p.vcd_slots},
        {{"vcd_from_ns", "ns", "the waveform begins then", 0, kLastNs}, p.vcd_from_ns},
        {{"vcd_to_ns", "ns", "the waveform ends then; null: with the simulation", 0, kLastNs},
         p.vcd_to_ns},
        {{"vcd_trigger", "",
          "lint, fault, error, or a rule of the lint or of faults: the waveform waits for the "
          "first of them; none: for nothing"},
         p.vcd_trigger},
        {{"vcd_before_ns", "ns", "so much of what was before vcd_trigger is shown at least", 0,
          util::kMostNs},
         p.vcd_before_ns},
        {{"trace", "", "write the event trace, as text, to this file"}, p.trace},
        {{"trace_binary", "", "write the event trace, for nvme-trace, to this file"},
         p.trace_binary},
        {{"trace_detail", "",
          "all: with the steps, buffers, DMA, link and media accesses of each command"},
         p.trace_detail},
        {{"trace_events", "",
          "event traces hold only these events of docs/traces.md, separated by commas; those of "
          "trace_detail all, too; none: all"},
         p.trace_events},
        {{"trace_queues", "",
          "event traces hold only what happens to these queues, and to none: 0,4-7; none: all"},
         p.trace_queues},
        {{"trace_from_ns", "ns", "event traces begin then", 0, kLastNs}, p.trace_from_ns},
        {{"trace_to_ns", "ns", "event traces end then; null: with the simulation", 0, kLastNs},
         p.trace_to_ns},
        {{"report", "",
          "write the results to this file: as JSON, or, where its name ends in .html, the page of "
          "the run; -: JSON to standard output"},
         p.report},
        {{"output_format", "",
          "normal, json or json+: what a job did goes to standard output, as fio has it; the text "
          "for people goes to standard error then"},
         p.output_format},
        {{"driver_report", "",
          "write what the driver did to this file, when the run ends: x.json, x.xml (JUnit), "
          "x.html, x.txt (docs/driver-report.md); costs as much as trace_detail all"},
         p.driver_report},
        {{"over", "",
          "sweep: what is varied: NAME=VALUE,VALUE... separated by blanks; names of controller "
          "parameters, options, and job options"},
         p.over},
        {{"out", "", "sweep, explore: directory of the results; none: sweep, or explore"}, p.out},
        {{"parallel", "processes",
          "sweep, explore: so many runs at a time; 0: as many as processors, or as Slurm runs", 0,
          1024},
         p.parallel},
        {{"seed", "", "explore: the first seed"}, p.seed},
        {{"seeds", "", "explore: so many seeds, unless one fails before", 1, 1'000'000}, p.seeds},
        {{"perturbations", "", "explore: at most so many of a run", 1, 512}, p.perturbations},
        {{"fail_text", "", "explore: a run fails when this is on the console; none: nothing is"},
         p.fail_text},
        {{"driver_timeout_ns", "ns",
          "explore: some commands are completed about so late, when the driver gives them up; 0: "
          "none",
          0, kLongestTimeoutNs},
         p.driver_timeout_ns},
        {{"engine", "", "sweep: runs are processes here, or tasks of Slurm's array jobs"},
         p.engine},
        {{"slurm_patience_s", "s", "sweep: so long Slurm's commands may fail, until it is given up",
          0, 86400},
         p.slurm_patience_s},
    };
}

bool is_output_option(std::string_view name) {
    const auto begins = [&](std::string_view with) { return name.substr(0, with.size()) == with; };
    return begins("vcd") || begins("trace") || name == "report" || name == "record" ||
           name == "console" || name == "control" || name == "quiet" || name == "json_lines" ||
           name == "output_format" || name == "driver_report";
}

HostCosts host_costs(const RunOptions& p) {
    const HostCosts preset = p.host == Host::kRealistic ? HostCosts::realistic() : HostCosts{};
    return {p.host_submit_ns.value_or(preset.submit_ns),
            p.host_register_ns.value_or(preset.register_ns),
            p.host_interrupt_ns.value_or(preset.interrupt_ns),
            p.host_poll_ns.value_or(preset.poll_ns)};
}

namespace {

/// False: the text is no list of three weights.
bool parse_weights(std::string_view text, std::array<std::uint32_t, 3>& weights) {
    constexpr std::uint64_t kMost = 256;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::size_t colon = text.find(':');
        if ((colon == std::string_view::npos) != (i + 1 == weights.size())) return false;
        const ParsedNumber parsed = parse_number(text.substr(0, colon), 1024);
        const auto* weight = std::get_if<std::uint64_t>(&parsed);
        if (weight == nullptr || *weight == 0 || *weight > kMost) return false;
        weights[i] = static_cast<std::uint32_t>(*weight);
        text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
    }
    return true;
}

}  // namespace

DriverTuning driver_tuning(const RunOptions& p) {
    DriverTuning tuning{p.driver_shadow_doorbells, p.driver_coalesce_completions,
                        p.driver_coalesce_us, std::nullopt};
    std::array<std::uint32_t, 3> weights{};
    if (parse_weights(p.driver_wrr_weights, weights)) tuning.weights = weights;
    return tuning;
}

void read_config_text(std::string_view text, const std::string& name, ProgramConfig& config,
                      Problems& problems) {
    const std::optional<nlohmann::json> root = parse_json(text, name, problems);
    if (!root) return;
    if (!root->is_object()) {
        problems.push_back(name + ": must be an object in braces, not " + shown(*root));
        return;
    }
    const std::string chosen = config.run.preset;
    read_object(parameters_of(config.run), *root, name + ": ", system_keys(), problems);
    if (!chosen.empty()) config.run.preset = chosen;
    read_system(*root, name + ": ", config.run.preset, config.system, problems);
}

void read_config_file(const std::string& path, ProgramConfig& config, Problems& problems) {
    if (const std::optional<std::string> text = read_text_file(path, problems))
        read_config_text(*text, path, config, problems);
}

namespace {

/// Calls set(params, problems) for each controller; what is wrong is the same for each, and told
/// once.
template <typename Set>
void set_for_each(ProgramConfig& config, Problems& problems, Set set) {
    Problems found;
    for (SubsystemSpec& subsystem : config.system)
        for (ControllerSpec& controller : subsystem.controllers) {
            found.clear();
            set(controller.params, found);
        }
    problems.insert(problems.end(), found.begin(), found.end());
}

}  // namespace

void apply_preset(ProgramConfig& config, Problems& problems) {
    if (config.run.preset.empty()) return;
    set_for_each(config, problems, [&](nvme::ControllerParams& params, Problems& found) {
        apply_preset(config.run.preset, params, found);
    });
}

void set_controller_parameter(std::string_view text, ProgramConfig& config, Problems& problems) {
    const std::size_t equals = text.find('=');
    const std::string name{text.substr(0, equals)};
    const std::string where = "--set " + name;
    if (equals == std::string_view::npos) {
        problems.push_back(where + ": must be NAME=VALUE");
        return;
    }
    const std::string_view value = text.substr(equals + 1);
    bool known = false;
    set_for_each(config, problems, [&](nvme::ControllerParams& params, Problems& found) {
        known = set_from_text(parameters_of(params), name, value, where, found);
    });
    if (!known)
        problems.push_back(
            where + ": the controller has no such parameter" +
            suggestion(name, names_of(parameters_of(config.first_controller().params))));
}

bool parse_until(std::string_view text, std::optional<util::TimePs>& at) {
    at.reset();
    if (text == "exit") return true;
    const ParsedNumber time = parse_time(text, 1'000'000'000 * util::kPsPerNs);
    if (const auto* ps = std::get_if<std::uint64_t>(&time)) at = *ps;
    return at.has_value() && *at != 0;
}

bool parse_copy(std::string_view text, std::uint32_t& from, std::uint32_t& to) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    const auto number = [](std::string_view part, std::uint32_t& target) {
        const ParsedNumber parsed = parse_number(part, 1024);
        const auto* value = std::get_if<std::uint64_t>(&parsed);
        if (value == nullptr || *value == 0 || *value > 65536) return false;
        target = static_cast<std::uint32_t>(*value);
        return true;
    };
    return number(text.substr(0, colon), from) && number(text.substr(colon + 1), to);
}

namespace {

/// The option is the socket of a single controller; several have theirs in the configuration.
void check_socket(ProgramConfig& config, Problems& problems) {
    std::string& option = config.run.socket;
    std::string& own = config.first_controller().socket;
    if (count_controllers(config.system) == 1) {
        if (option.empty())
            option = own;
        else
            own = option;
    } else if (!option.empty()) {
        problems.push_back("socket = \"" + option +
                           "\": is for one controller, each of several has its own");
    }
}

/// The trigger may be a word, a rule of the lint, or a rule of a fault plan.
bool has_trigger(ProgramConfig& config) {
    const observe::VcdTrigger trigger(config.run.vcd_trigger);
    if (trigger.kind() != observe::VcdTrigger::Kind::kRule) return true;
    observe::LintRule rule{};
    bool known = observe::from_word(trigger.rule(), rule);
    for_each_controller(config.system,
                        [&](std::size_t, std::size_t, const ControllerSpec& controller) {
                            for (const faults::Rule& fault : controller.faults)
                                known = known || fault.name == trigger.rule();
                        });
    return known;
}

void check_vcd(ProgramConfig& config, Problems& problems) {
    const RunOptions& run = config.run;
    if (!run.vcd.empty() && !util::ends_in(run.vcd, ".vcd"))
        problems.push_back("vcd = \"" + run.vcd + "\": the file name must end in .vcd");
    if (run.vcd_to_ns && *run.vcd_to_ns < run.vcd_from_ns)
        problems.push_back("vcd_to_ns = " + std::to_string(*run.vcd_to_ns) +
                           ": must not be before vcd_from_ns = " + std::to_string(run.vcd_from_ns));
    if (!has_trigger(config))
        problems.push_back("vcd_trigger = \"" + run.vcd_trigger +
                           "\": must be lint, fault, error, a rule of docs/lint.md or the name "
                           "of a rule in faults");
    if (run.vcd_trigger == "lint" && !run.lint)
        problems.emplace_back("vcd_trigger = \"lint\": needs lint = true");
}

}  // namespace

void check_config(ProgramConfig& config, Problems& problems) {
    check_system(config.system, problems);
    check_socket(config, problems);
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    const RunOptions& run = config.run;
    if (std::optional<util::TimePs> at; !parse_until(run.until, at))
        problems.push_back("until = \"" + run.until + "\": must be exit, or a time such as 10s");
    if (run.ending == Ending::kPowerCut && run.until == "exit")
        problems.emplace_back("ending = \"power_cut\": needs until, the time of it");
    if (!run.copy.empty() && (!parse_copy(run.copy, from, to) || from == to))
        problems.push_back("copy = \"" + run.copy +
                           "\": must be FROM:TO, two different namespace identifiers");
    if (const std::string& format = run.output_format;
        format != "normal" && format != "json" && format != "json+")
        problems.push_back("output_format = \"" + format + "\": must be normal, json or json+");
    if (run.output_format != "normal" && run.report == "-")
        problems.emplace_back(
            "output_format and report: only one of them can be on standard output");
    if (std::array<std::uint32_t, 3> weights{};
        !run.driver_wrr_weights.empty() && !parse_weights(run.driver_wrr_weights, weights))
        problems.push_back("driver_wrr_weights = \"" + run.driver_wrr_weights +
                           "\": must be HIGH:MEDIUM:LOW, each 1 to 256");
    if (run.driver_coalesce_us % 100 != 0)
        problems.push_back("driver_coalesce_us = " + std::to_string(run.driver_coalesce_us) +
                           ": must be a multiple of 100");
    if (!run.copy.empty() && !run.job.empty())
        problems.push_back("copy and job exclude each other");
    if (!run.copy.empty() && !run.job_set.empty())
        problems.push_back("job_set is for jobs, not for copy");
    for (std::string& problem : check_replay_options(run.replay))
        problems.push_back(std::move(problem));
    (void)trace_selection(config.run, problems);
    check_vcd(config, problems);
    bool all_have_intx = true;
    for_each_controller(config.system,
                        [&](std::size_t, std::size_t, const ControllerSpec& controller) {
                            all_have_intx = all_have_intx && controller.params.intx;
                        });
    if (run.interrupts == Signal::kIntx && !all_have_intx)
        problems.push_back("interrupts = \"intx\": needs controller/intx = true");
}

nlohmann::ordered_json config_to_json(const ProgramConfig& config) {
    nlohmann::ordered_json root = write_object(config.run);
    if (count_controllers(config.system) > 1) root.erase("socket");
    root.update(write_system(config.system));
    return root;
}

std::string config_markdown() {
    RunOptions run;
    NamespaceSpec ns;
    faults::Rule rule;
    nvme::ControllerParams controller = default_controller();
    TimelineEvent event;
    return "### Top level\n\n" + parameter_table(parameters_of(run)) + "\n### `namespaces[]`\n\n" +
           parameter_table(parameters_of(ns)) + "\n### `faults[]`\n\n" +
           parameter_table(parameters_of(rule)) + "\n### `controller`\n\n" +
           parameter_table(parameters_of(controller)) + "\n### `events[]`\n\n" +
           parameter_table(parameters_of(event)) + "\n### Job files\n\n" + job_options_markdown();
}

}  // namespace platform
