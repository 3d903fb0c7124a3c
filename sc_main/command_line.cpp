// SPDX-License-Identifier: Apache-2.0
#include "sc_main/command_line.h"

#include <cstdint>
#include <sstream>
#include <utility>
#include <variant>

#include "models/observe/lint_rules.h"
#include "platform/config/input_file.h"
#include "platform/config/nearest_name.h"
#include "platform/config/param_list.h"
#include "platform/config/strict_options.h"
#include "platform/workload/units.h"
#include "sc_main/driver_command_line.h"
#include "sc_main/sweep/sweep_plan.h"

namespace nvme_vp {

namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

/// One option for each member of RunOptions, so that none can be a key only or an option only.
po::options_description described_options() {
    po::options_description options("Options", 100, 50);
    auto add = options.add_options();
    add("config", po::value<std::string>()->value_name("FILE"),
        "read a JSON configuration; what stands on the command line has priority");
    add("namespace", po::value<Texts>()->value_name("SPEC"),
        "ram:SIZE, file:PATH or null:SIZE, with ,lba=512|4096 ,nsid=N ,size=SIZE ,ro; may be "
        "repeated; "
        "default ram:64M");
    platform::RunOptions defaults;
    for (const platform::Param& param : parameters_of(defaults)) {
        using Kind = platform::ParamType::Kind;
        const bool text = param.type->kind == Kind::kText;
        std::string doc{param.info.doc};
        if (!text) doc += " (" + param.allowed() + ", default " + param.text() + ")";
        auto* value = po::value<std::string>()->value_name(text ? "TEXT" : "VALUE");
        if (param.type->kind == Kind::kBool) value->implicit_value("true");
        add(std::string{param.info.name}.c_str(), value, doc.c_str());
    }
    add("set", po::value<Texts>()->value_name("NAME=VALUE"),
        "set a parameter of the controller; may be repeated");
    add("dump-config", "print the resulting configuration as JSON and do nothing else");
    add("print-schema", "print the JSON Schema of configuration files and do nothing else");
    add("list-parameters", "print every configuration key and job file key and do nothing else");
    add("list-presets", "print what presets there are and do nothing else");
    add("explain", po::value<std::string>()->value_name("RULE"),
        "print what a finding of the driver lint means, and how it is done right; all: of all "
        "rules, as Markdown");
    add("json", "ctl: the answer for programs");
    add("controller", po::value<std::string>()->value_name("N"),
        "ctl: which of several controllers, from 0");
    add_driver_options(options);
    add("help", "print this help");
    add("version", "print the version");
    return options;
}

void take_rule(const std::string& rule, CommandLine& line) {
    line.action = Action::kExplain;
    line.rule = rule;
    observe::LintRule known{};
    if (rule == kAllRules || observe::from_word(rule, known)) return;
    std::vector<std::string_view> ids;
    for (std::size_t i = 0; i < observe::kLintRules; ++i)
        ids.push_back(observe::lint_rule(static_cast<observe::LintRule>(i)).id);
    line.problems.push_back("--explain " + rule + ": is no rule of the driver lint" +
                            platform::suggestion(rule, ids));
}

void take_point(const Texts& words, CommandLine& line) {
    line.action = Action::kSweepPoint;
    if (words.size() == 3) {
        line.directory = words[1];
        const platform::ParsedNumber number = platform::parse_number(words[2], 1024);
        if (const auto* point = std::get_if<std::uint64_t>(&number)) {
            line.point = *point;
            return;
        }
    }
    line.problems.emplace_back("point needs the directory of a sweep and a number");
}

void take_options_of_ctl(const po::variables_map& values, CommandLine& line) {
    for (const auto& [name, value] : values)
        if (name != "words" && name != "json" && name != "controller")
            line.problems.push_back("--" + name + ": ctl takes --json and --controller alone");
    line.ctl.json = values.count("json") != 0;
    if (values.count("controller") == 0) return;
    const auto text = values["controller"].as<std::string>();
    const platform::ParsedNumber number = platform::parse_number(text, 1024);
    if (const auto* which = std::get_if<std::uint64_t>(&number))
        line.ctl.controller = *which;
    else
        line.problems.push_back("--controller = \"" + text + "\": must be a number");
}

/// The words that are not options: a command and what it is about.
void take_words(const Texts& words, CommandLine& line) {
    constexpr const char* kAllowed =
        "must be run, replay, serve, ctl, uml, explore, sweep, point, report or plan";
    if (words.empty()) {
        line.problems.push_back(std::string{"no command: "} + kAllowed);
    } else if (words[0] == "replay") {
        line.action = Action::kReplay;
        if (words.size() == 2)
            line.replay_file = words[1];
        else
            line.problems.emplace_back("replay needs one file: a recording or a session");
    } else if (words[0] == "point") {
        take_point(words, line);
    } else if (words[0] == "ctl") {
        line.action = Action::kCtl;
        if (words.size() < 3) {
            line.problems.emplace_back("ctl needs a control socket and a command; help is one");
            return;
        }
        line.ctl.socket = words[1];
        line.ctl.words.assign(words.begin() + 2, words.end());
    } else if (words[0] != "run" && words[0] != "serve" && words[0] != "uml" &&
               words[0] != "explore" && words[0] != "sweep") {
        line.problems.push_back("\"" + words[0] + "\" is not a command: " + kAllowed);
    } else if (words.size() > 1) {
        line.problems.push_back("\"" + words[1] + "\": " + words[0] + " takes options only");
    } else if (words[0] == "serve") {
        line.action = Action::kServe;
    } else if (words[0] == "uml") {
        line.action = Action::kUml;
    } else if (words[0] == "explore") {
        line.action = Action::kExplore;
    } else if (words[0] == "sweep") {
        line.action = Action::kSweep;
    }
}

/// The options of a sweep that are those of each of its runs.
void take_options_of_runs(const po::variables_map& values, CommandLine& line) {
    for (const auto& [name, value] : values) {
        if (name == "words" || name == "job_set" || is_option_of_sweep(name)) continue;
        const Texts texts = value.value().type() == typeid(Texts) ? value.as<Texts>()
                                                                  : Texts{value.as<std::string>()};
        for (const std::string& text : texts) line.words.push_back("--" + name + "=" + text);
    }
}

/// A session brings the configuration with which it was recorded; a file or options may change it.
void take_session(CommandLine& line) {
    if (line.replay_file.empty() || !platform::is_readable_file(line.replay_file, line.problems))
        return;
    if (!platform::is_session_file(line.replay_file)) return;
    line.action = Action::kReplaySession;
    line.session = platform::read_session(line.replay_file, line.problems);
    if (line.session)
        platform::read_config_text(line.session->configuration, line.replay_file + ":2",
                                   line.config, line.problems);
}

void refuse_pace_of_serve(const platform::RunOptions& run, CommandLine& line) {
    if (run.pace != platform::Pace::kRealtime && run.pace != platform::Pace::kEager) return;
    const auto name = util::EnumNames<platform::Pace>::names[static_cast<std::size_t>(run.pace)];
    line.problems.push_back("pace = \"" + std::string{name} + "\": is for serve");
}

void check_replay(CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    if (!run.job.empty() || !run.copy.empty())
        line.problems.emplace_back("replay excludes job and copy");
    refuse_pace_of_serve(run, line);
    if (line.session && platform::count_controllers(line.config.system) > 1)
        line.problems.emplace_back("a session is of one controller, the configuration has several");
    if (line.session && !line.config.first_subsystem().namespaces.empty())
        line.problems.emplace_back("a session excludes namespace: it has its own");
}

/// The NSIDs that a subsystem has before anything happens.
std::vector<std::uint32_t> first_namespaces(const CommandLine& line,
                                            const platform::SubsystemSpec& subsystem) {
    std::vector<std::uint32_t> nsids;
    for (const platform::NamespaceSpec& spec : subsystem.namespaces) nsids.push_back(spec.nsid);
    if (line.session)
        for (const platform::SessionNamespace& ns : line.session->namespaces)
            if (ns.event == 0) nsids.push_back(ns.nsid);
    return nsids;
}

/// Where the user has not chosen, and nothing else does.
void add_default_namespaces(CommandLine& line) {
    if (line.action == Action::kReplay || line.session) return;
    for (platform::SubsystemSpec& subsystem : line.config.system)
        if (subsystem.namespaces.empty()) {
            subsystem.namespaces.push_back(default_namespace());
            line.default_namespaces = true;
        }
}

void check_serve(CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    const platform::SystemSpec& system = line.config.system;
    const bool several = platform::count_controllers(system) > 1;
    if (!several && run.socket.empty()) line.problems.emplace_back("serve needs --socket PATH");
    for (std::size_t i = 0; several && i < system.size(); ++i)
        for (std::size_t j = 0; j < system[i].controllers.size(); ++j)
            if (system[i].controllers[j].socket.empty())
                line.problems.push_back(platform::place_of(system, i) + "controllers/" +
                                        std::to_string(j) + "/socket: is missing, serve needs it");
    if (several && !run.record.empty()) line.problems.emplace_back("record is for one controller");
    if (!run.record.empty() && !run.control.empty())
        line.problems.emplace_back("record excludes control: a session does not hold what it does");
    if (run.quiet && run.json_lines) line.problems.emplace_back("quiet excludes json_lines");
    if (!run.job.empty() || !run.copy.empty())
        line.problems.emplace_back("serve excludes job and copy: the client has its own");
}

/// One file for all guests, or one for each.
void check_file_of_guests(const std::string& name, std::size_t guests, Texts& problems) {
    for (std::size_t guest = 0; guest < guests; ++guest) {
        const std::string file = platform::for_guest(name, guest);
        if (guest == 0 || file != name) (void)platform::is_readable_file(file, problems);
    }
}

void check_guests(CommandLine& line) {
    const std::vector<unsigned> counts = platform::controllers_of_guests(line.config.system);
    constexpr unsigned kMost = 8;  // places on the bus of virt-pci
    for (std::size_t guest = 0; guest < counts.size(); ++guest)
        if (counts[guest] == 0 || counts[guest] > kMost)
            line.problems.push_back("uml: guest " + std::to_string(guest) + " has " +
                                    std::to_string(counts[guest]) +
                                    " controllers, must have 1 to " + std::to_string(kMost));
    const std::string& console = line.config.run.console;
    if (counts.size() > 1 && console != "-" && platform::for_guest(console, 0) == console)
        line.problems.push_back("console = \"" + console +
                                "\": must have %g, the guest's number, for " +
                                std::to_string(counts.size()) + " guests");
    check_file_of_guests(line.config.run.kernel, counts.size(), line.problems);
    if (!line.config.run.initrd.empty())
        check_file_of_guests(line.config.run.initrd, counts.size(), line.problems);
}

void check_uml(CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    const std::string command = line.action == Action::kUml ? "uml" : "explore";
    if (run.kernel.empty())
        line.problems.push_back(command + " needs --kernel LINUX");
    else
        check_guests(line);
    if (!run.job.empty() || !run.copy.empty())
        line.problems.push_back(command + " excludes job and copy: the guest has its own");
    refuse_pace_of_serve(run, line);
}

/// Each run of many writes its results to a directory, and nowhere else.
void check_outputs(const char* command, CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    for (const auto& [name, path] : {std::pair{"report", &run.report},
                                     {"vcd", &run.vcd},
                                     {"trace", &run.trace},
                                     {"trace_binary", &run.trace_binary},
                                     {"driver_report", &run.driver_report}})
        if (!path->empty())
            line.problems.push_back(std::string{name} + ": " + command +
                                    " has the reports in its directory, and nothing else");
}

void check_explore(CommandLine& line) {
    check_uml(line);
    const platform::RunOptions& run = line.config.run;
    check_outputs("explore", line);
    if (run.console != "-")
        line.problems.emplace_back("console: explore has the consoles in its directory");
    if (!run.lint) line.problems.emplace_back("lint = false: explore needs what it finds");
    if (run.ending == platform::Ending::kPowerCut)
        line.problems.emplace_back(
            "ending = \"power_cut\": explore judges how the guest ends by itself");
    for (const platform::SubsystemSpec& subsystem : line.config.system) {
        for (const platform::NamespaceSpec& ns : subsystem.namespaces)
            if (ns.store == platform::StoreKind::kFile && !ns.read_only)
                line.problems.push_back("namespace file:" + ns.path +
                                        ": many guests would write to it, explore needs ram, "
                                        "null or ,ro");
        for (const platform::ControllerSpec& controller : subsystem.controllers)
            if (controller.faults.size() + run.perturbations > faults::kMostRules)
                line.problems.push_back("perturbations = " + std::to_string(run.perturbations) +
                                        ": with the " + std::to_string(controller.faults.size()) +
                                        " rules of faults more than " +
                                        std::to_string(faults::kMostRules));
    }
}

void check_sweep(CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    line.plan = SweepPlan(run.over, line.problems);
    if (!run.copy.empty()) line.problems.emplace_back("sweep excludes copy: it runs jobs");
    check_outputs("a sweep", line);
}

void refuse_options_of_serve(CommandLine& line) {
    const platform::RunOptions& run = line.config.run;
    for (const auto& [name, given] : {std::pair{"record", !run.record.empty()},
                                      {"control", !run.control.empty()},
                                      {"quiet", run.quiet},
                                      {"json_lines", run.json_lines}})
        if (given) line.problems.push_back(std::string{name} + " is for serve");
}

void check_action(CommandLine& line) {
    if (line.action == Action::kSweep) return check_sweep(line);
    if (line.action == Action::kReplay || line.session) check_replay(line);
    if (line.action == Action::kServe) return check_serve(line);
    refuse_options_of_serve(line);
    if (line.action == Action::kUml) return check_uml(line);
    if (line.action == Action::kExplore) return check_explore(line);
    if (!line.config.run.kernel.empty()) line.problems.emplace_back("kernel is for uml, explore");
}

void take_options(const po::variables_map& values, CommandLine& line) {
    platform::ProgramConfig& config = line.config;
    if (values.count("preset") != 0) config.run.preset = values["preset"].as<std::string>();
    if (values.count("config") == 0) {
        apply_preset(config, line.problems);
    } else {
        line.config_file = values["config"].as<std::string>();
        platform::read_config_file(line.config_file, config, line.problems);
    }
    const platform::ParamList run = parameters_of(config.run);
    for (const std::string_view name : names_of(run)) {
        const po::variable_value& value = values[std::string{name}];
        if (!value.empty())
            set_from_text(run, name, value.as<std::string>(), "--" + std::string{name},
                          line.problems);
    }
    if (values.count("set") != 0)
        for (const std::string& text : values["set"].as<Texts>())
            platform::set_controller_parameter(text, config, line.problems);
    if (values.count("namespace") == 0) return;
    if (config.system.size() > 1) {
        line.problems.emplace_back("--namespace: is for one subsystem, the configuration has " +
                                   std::to_string(config.system.size()));
        return;
    }
    std::vector<platform::NamespaceSpec>& namespaces = config.first_subsystem().namespaces;
    namespaces.clear();
    for (const std::string& text : values["namespace"].as<Texts>())
        namespaces.push_back(platform::parse_namespace(text, "--namespace " + text, line.problems));
}

/// What options of a replay are about need not be said: --align is --replay_align. Without a number
/// it is the largest block that a namespace may have.
Texts with_full_names(Texts arguments) {
    if (arguments.size() < 2 || arguments[1] != "replay") return arguments;
    const po::options_description known = described_options();
    for (std::size_t i = 2; i < arguments.size(); ++i) {
        std::string& argument = arguments[i];
        const std::size_t end = std::min(argument.find('='), argument.size());
        if (argument.substr(0, 2) != "--" || end == 2) continue;
        const std::string name = argument.substr(2, end - 2);
        if (known.find_nothrow(name, false) != nullptr ||
            known.find_nothrow("replay_" + name, false) == nullptr)
            continue;
        const bool number = i + 1 < arguments.size() &&
                            arguments[i + 1].find_first_not_of("0123456789") == std::string::npos;
        if (name == "align" && end == argument.size() && !number) argument += "=4096";
        argument.insert(2, "replay_");
    }
    return arguments;
}

}  // namespace

platform::NamespaceSpec default_namespace() {
    platform::NamespaceSpec spec;
    spec.size = 64 << 20;
    spec.nsid = 1;
    return spec;
}

void check_events(CommandLine& line) {
    platform::SystemSpec& system = line.config.system;
    for (std::size_t i = 0; i < system.size(); ++i)
        platform::check_timeline(system[i].events, first_namespaces(line, system[i]),
                                 system[i].controllers.front().params.max_namespaces,
                                 platform::place_of(system, i), line.problems);
}

CommandLine parse_command_line(int argc, const char* const* argv) {
    CommandLine line;
    const std::vector<std::string> arguments = with_full_names({argv, argv + argc});
    std::vector<const char*> pointers;
    for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
    const po::variables_map values =
        platform::parse_strictly(argc, pointers.data(), described_options(), line.problems);
    if (!line.problems.empty()) return line;
    constexpr std::pair<const char*, Action> kPrinted[]{
        {"help", Action::kHelp},
        {"version", Action::kVersion},
        {"print-schema", Action::kPrintSchema},
        {"list-parameters", Action::kListParameters},
        {"list-presets", Action::kListPresets}};
    for (const auto& [option, action] : kPrinted)
        if (values.count(option) != 0) {
            line.action = action;
            return line;
        }
    if (values.count("explain") != 0) {
        take_rule(values["explain"].as<std::string>(), line);
        return line;
    }
    const Texts words = values.count("words") != 0 ? values["words"].as<Texts>() : Texts{};
    if (take_driver_command(words, values, line) || !line.problems.empty()) return line;
    take_words(words, line);
    if (line.action == Action::kCtl) {
        take_options_of_ctl(values, line);
        return line;
    }
    for (const char* option : {"json", "controller"})
        if (values.count(option) != 0)
            line.problems.push_back("--" + std::string{option} + " is for ctl");
    if (line.action == Action::kSweepPoint) {
        // The directory says how it is run.
        if (values.size() > 1) line.problems.emplace_back("point takes no options");
        return line;
    }
    if (line.action == Action::kReplay) take_session(line);
    take_options(values, line);
    if (line.action == Action::kSweep) take_options_of_runs(values, line);
    add_default_namespaces(line);
    platform::check_config(line.config, line.problems);
    check_action(line);
    // A replay makes the namespaces that the recording needs, and checks then.
    if (line.action != Action::kReplay) check_events(line);
    if (line.config.run.output_format != "normal" &&
        (line.action != Action::kRun || !line.config.run.copy.empty()))
        line.problems.emplace_back("output_format is for jobs");
    if (values.count("dump-config") != 0) line.action = Action::kDumpConfig;
    return line;
}

std::string help_text() {
    std::ostringstream text;
    text
        << "nvme-vp: an NVMe 2.0 controller in a simulated host.\n\n"
           "Usage:\n"
           "  nvme-vp run [options]           run a fio job file, a copy, or the default job\n"
           "  nvme-vp replay FILE [options]   replay a recording of fio, blktrace, ftrace, SPDK, a "
           "public\n"
           "                                  trace, or a session that serve --record has written\n"
           "  nvme-vp sweep --over LIST       run a job at all combinations of parameters\n"
           "  nvme-vp point DIRECTORY NUMBER  run one of them, as an engine of a sweep does\n"
           "  nvme-vp serve --socket PATH     be the disk of a virtual machine (vfio-user)\n"
           "  nvme-vp ctl SOCKET COMMAND...   ask a server, or do something to its controllers; "
           "help\n"
           "                                  is a COMMAND\n"
           "  nvme-vp uml --kernel LINUX      run a Linux in simulated time (User Mode Linux)\n"
           "  nvme-vp explore --kernel LINUX  the same with many small perturbations, until one "
           "fails\n"
           "  nvme-vp report TRACE            what a trace says of the driver: steps, behaviours, "
           "errors\n"
           "  nvme-vp plan --missing TRACE    a fault plan of what the driver has not met\n\n"
        << described_options()
        << "\nEvery option is also a key of the configuration file (docs/configuration.md).\n"
           "Exit codes: 0 good, 1 the run found errors, 2 usage or configuration; of uml that of "
           "the guest's\nfirst process, when all else is well.\n";
    return text.str();
}

}  // namespace nvme_vp
