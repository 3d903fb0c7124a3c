// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// `nvme-vp replay` of a session that `serve --record` wrote: the controller alone, with a player
/// in the place of host and driver. Exit code 1 when it does something else than was recorded.
[[nodiscard]] int replay_session(CommandLine& line);

}  // namespace nvme_vp
