// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "models/observe/device_events.h"

namespace observe {

/// Where a rule was broken, with which value and why: ", queue 1, command 2, LBA 0x10: ...", to
/// follow the time.
[[nodiscard]] std::string place_text(const LintFinding& finding);

}  // namespace observe
