// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// Runs one point of the sweep whose directory is there already, as its engine would: the report or
/// the log is in the directory afterwards. One that has been run well is not run again. Returns the
/// exit code; with problems in `line` nothing has been run.
[[nodiscard]] int sweep_point(CommandLine& line);

}  // namespace nvme_vp
