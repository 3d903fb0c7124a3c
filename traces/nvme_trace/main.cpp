// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include "platform/config/streams.h"
#include "traces/nvme_trace/command_line.h"
#include "traces/nvme_trace/commands.h"
#include "traces/nvme_trace/output.h"

int main(int argc, char** argv) {
    using namespace nvme_trace;
    platform::prepare_streams();
    try {
        const CommandLine line = parse_command_line(argc, argv);
        for (const std::string& problem : line.problems) tell_problem(problem);
        if (line.problems.empty()) return execute(line);
        std::fputs("Try: nvme-trace --help\n", stderr);
    } catch (const std::exception& error) {
        tell_problem(error.what());
    }
    return kUsage;
}
