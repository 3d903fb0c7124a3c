// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "traces/nvme_trace/command_line.h"

namespace nvme_trace {

/// Does what the command line says. Returns the exit code; problems are told.
[[nodiscard]] int execute(const CommandLine& line);

}  // namespace nvme_trace
