// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "traces/analysis/analysis.h"

/// What a terminal shows.
namespace analysis {

/// All of it, in tables.
[[nodiscard]] std::string report_text(const Analysis& analysis);
/// The most important in a dozen lines.
[[nodiscard]] std::string stats_text(const Analysis& analysis);
/// A line for each of these commands, behind a line of names.
[[nodiscard]] std::string commands_text(const Analysis& analysis,
                                        const std::vector<std::size_t>& which);

}  // namespace analysis
