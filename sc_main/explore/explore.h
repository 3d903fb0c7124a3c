// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// Runs a guest under many seeds of small perturbations until one of them makes it fail, and makes
/// less of that one. Returns the exit code: 0 when none fails; with problems in `line` nothing has
/// been run.
[[nodiscard]] int explore(CommandLine& line);

}  // namespace nvme_vp
