// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "models/observe/trace.h"

namespace observe {

/// The rule that a driver broke whose command was refused so. Empty: it happens to good drivers,
/// too (media errors, aborted commands, conflicts of reservations).
[[nodiscard]] std::optional<LintRule> broken_rule(const CommandRefused& e);

}  // namespace observe
