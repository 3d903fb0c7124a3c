// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "traces/analysis/analysis.h"

namespace analysis {

/// All of it as one JSON object (docs/analysis.md); the page shows the same.
[[nodiscard]] std::string report_json(const Analysis& analysis);

}  // namespace analysis
