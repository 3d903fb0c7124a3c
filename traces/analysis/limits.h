// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "traces/analysis/analysis.h"

namespace analysis {

/// What keeps I/O from going faster, in a sentence or two, from the use of resources, the stages
/// and the depth: says what it was concluded from, and what a trace would have to hold to say more.
[[nodiscard]] std::string what_limits(const Analysis& analysis);

}  // namespace analysis
