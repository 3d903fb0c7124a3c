// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "traces/nvme_trace/command_line.h"

namespace nvme_trace {

/// Shows a trace that is being written, screen after screen, until it is complete. Returns the exit
/// code.
[[nodiscard]] int live(const CommandLine& line);

}  // namespace nvme_trace
