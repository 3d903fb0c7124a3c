// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/commands/nvm_commands.h"

namespace nvme {

/// What may keep a command of any kind away from a namespace, whatever its fields say: one row for
/// each reason. Asked once, when the command begins to be executed, for each namespace that it is
/// for: a command for all of them is refused before it has touched any.
[[nodiscard]] Outcome pass_gates(const NvmContext& ctx, const IoCommand& cmd);

}  // namespace nvme
