// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <istream>
#include <string>

#include "models/observe/trace.h"
#include "traces/analysis/analyser.h"
#include "traces/analysis/analysis.h"

namespace analysis {

struct ReadResult {
    std::string refused;  ///< not empty: the file cannot be read, or is no event trace; why
    std::string damaged;  ///< not empty: what of it is missing, and where
};

/// Records the events of a text or a binary event trace to `sink`; the first line says which it is.
[[nodiscard]] ReadResult read_trace(const std::string& path, observe::TraceSink& sink,
                                    const ReadingProgress& progress = {});

/// The same of a file that can be read once only, as it is still being written: however little of
/// it is there, what is to come is waited for.
[[nodiscard]] ReadResult read_trace_of(std::istream& file, observe::TraceSink& sink);

/// Reads a file, and what is to be told of it: once for the numbers, and once more for the stories
/// of the slowest commands. Empty, or why there is nothing to tell.
[[nodiscard]] std::string analyse(const std::string& path, const Options& options,
                                  Analysis& analysis);

}  // namespace analysis
