// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>
#include <string>

#include <nlohmann/json.hpp>
#include <systemc>

#include "platform/config/config_schema.h"
#include "sc_main/command_line.h"
#include "sc_main/quiet_kernel.h"
#include "sc_main/replay_session.h"
#include "sc_main/report.h"
#include "sc_main/run.h"
#include "sc_main/serve.h"

namespace nvme_vp {
namespace {

void print(std::FILE* to, const std::string& text) {
    std::fputs(text.c_str(), to);
    std::fflush(to);
}

int refuse(const CommandLine& line) {
    for (const std::string& problem : line.problems) print(stderr, "nvme-vp: " + problem + "\n");
    if (line.problems.size() > 1)
        print(stderr, "nvme-vp: " + std::to_string(line.problems.size()) + " problems\n");
    return kUsage;
}

int execute(int argc, char** argv) {
    CommandLine line = parse_command_line(argc, argv);
    if (!line.problems.empty()) {
        const int code = refuse(line);
        print(stderr, "Try: nvme-vp --help\n");
        return code;
    }
    switch (line.action) {
        case Action::kHelp:
            print(stdout, help_text());
            return kGood;
        case Action::kVersion:
            print(stdout, "nvme-vp " NVME_TLM_VERSION "\n");
            return kGood;
        case Action::kPrintSchema:
            print(stdout, platform::config_schema().dump(1) + "\n");
            return kGood;
        case Action::kListParameters:
            print(stdout, platform::config_markdown());
            return kGood;
        case Action::kDumpConfig:
            print(stdout, dump_report(platform::config_to_json(line.config)));
            return kGood;
        case Action::kServe: {
            const int code = serve(line);
            return line.problems.empty() ? code : refuse(line);
        }
        case Action::kReplaySession: {
            const int code = replay_session(line);
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
    nvme_vp::quieten_kernel();
    try {
        return nvme_vp::execute(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "nvme-vp: %s\n", error.what());
        return nvme_vp::kRunFailed;
    }
}
