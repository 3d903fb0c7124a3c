// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "traces/analysis/analysis.h"

namespace analysis {

/// A line for each command, in the order of fetch, behind a line of names. Times are nanoseconds
/// since the start of the simulation; what is not known is empty.
[[nodiscard]] std::string commands_csv(const Analysis& analysis);

}  // namespace analysis
