// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>
#include <string>

#include <nlohmann/json.hpp>
#include <systemc>

#include "models/observe/lint_advice.h"
#include "platform/config/config_schema.h"
#include "platform/config/preset.h"
#include "platform/config/streams.h"
#include "sc_main/command_line.h"
#include "sc_main/ctl.h"
#include "sc_main/driver_command.h"
#include "sc_main/explore/explore.h"
#include "sc_main/quiet_kernel.h"
#include "sc_main/replay_session.h"
#include "sc_main/run.h"
#include "sc_main/serve.h"
#include "sc_main/standard_streams.h"
#include "sc_main/sweep/sweep.h"
#include "sc_main/sweep/sweep_point.h"
#include "sc_main/uml.h"

namespace nvme_vp {
namespace {

int refuse(const CommandLine& line) {
    tell_problems(line.problems);
    return kUsage;
}

int dump_config(const platform::ProgramConfig& config) {
    try {
        tell(stdout, platform::config_to_json(config).dump(2) + "\n");
        return kGood;
    } catch (const nlohmann::json::type_error&) {
        tell_problems({"the configuration has a text that is not UTF-8: JSON cannot hold it"});
        return kUsage;
    }
}

std::string explain(const std::string& id) {
    observe::LintRule rule{};
    return observe::from_word(id, rule) ? observe::explain(rule) : observe::lint_handbook();
}

int execute(int argc, char** argv) {
    CommandLine line = parse_command_line(argc, argv);
    if (!line.problems.empty()) {
        const int code = refuse(line);
        tell(stderr, "Try: nvme-vp --help\n");
        return code;
    }
    switch (line.action) {
        case Action::kHelp:
            tell(stdout, help_text());
            return kGood;
        case Action::kVersion:
            tell(stdout, "nvme-vp " NVME_TLM_VERSION "\n");
            return kGood;
        case Action::kPrintSchema:
            tell(stdout, platform::config_schema().dump(1) + "\n");
            return kGood;
        case Action::kListParameters:
            tell(stdout, platform::config_markdown());
            return kGood;
        case Action::kListPresets:
            tell(stdout, platform::presets_text());
            return kGood;
        case Action::kExplain:
            tell(stdout, explain(line.rule));
            return kGood;
        case Action::kDumpConfig:
            return dump_config(line.config);
        case Action::kSweep: {
            const int code = sweep(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kSweepPoint: {
            const int code = sweep_point(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kCtl: {
            const int code = ctl(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kServe: {
            const int code = serve(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kUml: {
            const int code = uml(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kExplore: {
            const int code = explore(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kReplaySession: {
            const int code = replay_session(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kReportDriver: {
            const int code = report_driver(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kPlanMissing: {
            const int code = plan_missing(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kRun:
        case Action::kReplay:
            break;
    }
    const int code = run(line);
    return line.problems.empty() ? code : refuse(line);
}

}  // namespace
}  // namespace nvme_vp

int sc_main(int argc, char* argv[]) {
    platform::prepare_streams();
    nvme_vp::quieten_kernel();
    try {
        return nvme_vp::exit_code(nvme_vp::execute(argc, argv));
    } catch (const std::exception& error) {
        nvme_vp::tell_problems({error.what()});
        return nvme_vp::kRunFailed;
    }
}
