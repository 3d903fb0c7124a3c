// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>

#include "traces/analysis/analysis.h"

namespace analysis {

struct Difference {
    std::string text;       ///< for people
    bool diverges = false;  ///< the commands, or how they ended, are not the same
    /// Something shifted by more than was allowed.
    bool shifted = false;
};

/// Compares two runs command by command: the nth of each submission queue with the nth of the
/// other. Says where they first do not the same, where they first take other times, and by how much
/// the I/O commands that both completed are faster or slower, stage by stage. `max_shift`: by what
/// fraction mean, p50 and p99 of the latency may differ, each, and every stage's mean by what
/// fraction of the mean latency of `a`.
[[nodiscard]] Difference compare(const Analysis& a, const Analysis& b,
                                 std::optional<double> max_shift);

}  // namespace analysis
