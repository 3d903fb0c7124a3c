// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// Asks a server, or makes it do something, at its control socket. Returns the exit code: kGood,
/// kRunFailed when the server refuses; or adds to line.problems why it cannot be asked.
[[nodiscard]] int ctl(CommandLine& line);

}  // namespace nvme_vp
