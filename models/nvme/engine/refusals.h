// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/commands/command.h"
#include "models/nvme/ports/result.h"
#include "models/nvme/state/controller_state.h"

namespace nvme {

/// An entry of the Error Information log for a command that ends with `error`.
void log_error(ControllerState& state, const Command& cmd, const CommandError& error);
/// The same, and the trace hears that the controller has refused the command.
void tell_refusal(ControllerState& state, const Command& cmd, const CommandError& error);

}  // namespace nvme
