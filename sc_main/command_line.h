// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "platform/config/program_config.h"
#include "platform/session/session_file.h"
#include "sc_main/sweep/sweep_plan.h"
#include "traces/driver/life_filter.h"

namespace nvme_vp {

inline constexpr int kGood = 0;
inline constexpr int kRunFailed = 1;  ///< verification, a failed command, the driver's complaints
inline constexpr int kUsage = 2;      ///< command line or configuration

inline constexpr const char* kAllRules = "all";

enum class Action : unsigned char {
    kRun,
    kReplay,         ///< a recording: recording_format.h
    kReplaySession,  ///< what `serve --record` wrote
    kServe,
    kUml,      ///< a User Mode Linux, whose clock the simulation is
    kExplore,  ///< the same, many times with small perturbations
    kSweep,
    kSweepPoint,    ///< what an engine of a sweep runs elsewhere
    kCtl,           ///< asks a server
    kReportDriver,  ///< what a trace says of the driver
    kPlanMissing,   ///< a fault plan of what the driver of a trace has not met
    kHelp,
    kVersion,
    kListParameters,
    kListPresets,
    kExplain,
    kPrintSchema,
    kDumpConfig
};

/// What is asked at a control socket.
struct CtlRequest {
    std::string socket;
    std::vector<std::string> words;
    std::size_t controller = 0;
    bool json = false;  ///< the answer is for programs
};

/// What report and plan are about.
struct DriverRequest {
    std::string trace;
    std::string output = "-";  ///< "-": standard output
    driver::LifeRange lives;
};

struct CommandLine {
    Action action = Action::kRun;
    std::vector<std::string> words;  ///< kSweep: the options that are those of each run
    SweepPlan plan;                  ///< kSweep
    std::string directory;           ///< kSweepPoint: of the sweep
    std::size_t point = 0;           ///< kSweepPoint
    CtlRequest ctl;                  ///< kCtl
    std::string config_file;
    std::string replay_file;
    DriverRequest driver;  ///< kReportDriver, kPlanMissing
    std::string rule;      ///< kExplain: of the driver lint, or kAllRules
    std::shared_ptr<const platform::Session> session;  ///< kReplaySession
    platform::ProgramConfig config;
    bool default_namespaces = false;    ///< nobody has said which there are
    std::vector<std::string> problems;  ///< each a line; nothing else counts when there are any
};

/// Reads the arguments and the configuration file they name. The command line has priority: its
/// options replace keys of the file, and its namespaces replace the file's list.
[[nodiscard]] CommandLine parse_command_line(int argc, const char* const* argv);

/// What a subsystem has when nobody says what: 64 MiB of memory.
[[nodiscard]] platform::NamespaceSpec default_namespace();

/// Whether what `events` say can happen. Sorts them by time. parse_command_line() leaves it to
/// prepare() where the namespaces depend on a recording.
void check_events(CommandLine& line);

[[nodiscard]] std::string help_text();

}  // namespace nvme_vp
