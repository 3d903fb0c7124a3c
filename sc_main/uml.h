// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// Runs a User Mode Linux whose clock the simulation is, until it or the time that the user has set
/// is at its end. Returns the exit code, which is that of the guest's first process when all else
/// is well, or adds to line.problems.
[[nodiscard]] int uml(CommandLine& line);

}  // namespace nvme_vp
