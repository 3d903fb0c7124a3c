// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// Executes a job, a copy or a recording. Returns the exit code; with problems in `line` nothing
/// has been simulated.
[[nodiscard]] int run(CommandLine& line);

}  // namespace nvme_vp
