// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "traces/analysis/analysis.h"

namespace analysis {

/// Up to so many latencies of a group are kept, and percentiles are exact; of more, they are those
/// of an observe::LatencyHistogram, within 1/64.
inline constexpr std::size_t kMostExact = 4'000'000;

/// Completed commands, by all that they have in common: "all" I/O, "opcode", "admin" opcode,
/// "queue", "namespace", "size". Of sizes there are the 64 most frequent.
[[nodiscard]] std::vector<Group> groups_of(const std::vector<Command>& commands,
                                           std::size_t most_exact = kMostExact);

}  // namespace analysis
