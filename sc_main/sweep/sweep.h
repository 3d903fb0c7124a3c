// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// Runs the job at every combination of what --over says, as many processes at a time as there are
/// processors, and makes one table of them. What has been run before is not run again. Returns the
/// exit code; with problems in `line` nothing has been run.
[[nodiscard]] int sweep(CommandLine& line);

}  // namespace nvme_vp
