// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// Offers the controller at a socket until SIGINT or SIGTERM. Returns the exit code, or adds to
/// line.problems why nothing was served.
[[nodiscard]] int serve(CommandLine& line);

}  // namespace nvme_vp
