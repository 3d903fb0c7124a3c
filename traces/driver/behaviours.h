// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "models/faults/rule.h"
#include "traces/driver/driver_profile.h"
#include "traces/driver/verdict.h"

namespace driver {

/// What drivers have to master beyond initialisation, and what became of each in a run.
[[nodiscard]] std::vector<Item> behaviours(const DriverProfile& profile);

/// A fault plan that exercises what the run has not: a rule for each such behaviour that a rule can
/// exercise, named like it. They act one after another, the gentle ones first, most of them
/// when a Read arrives.
[[nodiscard]] std::vector<faults::Rule> missing_plan(const DriverProfile& profile);

}  // namespace driver
