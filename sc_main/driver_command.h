// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "sc_main/command_line.h"

namespace nvme_vp {

/// `report`: what a trace says of the driver. Returns the exit code: kRunFailed when the driver did
/// something wrong. What hinders it is added to the problems of the line.
[[nodiscard]] int report_driver(CommandLine& line);

/// `plan --missing`: a fault plan that exercises what the driver of a trace has not met.
[[nodiscard]] int plan_missing(CommandLine& line);

}  // namespace nvme_vp
