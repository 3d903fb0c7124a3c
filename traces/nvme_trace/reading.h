// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "traces/analysis/watched_file.h"

namespace nvme_trace {

/// Shows on a terminal how far the reading of a file is. The line is gone when the last copy is.
[[nodiscard]] analysis::ReadingProgress shown_on_terminal(const std::string& path);

}  // namespace nvme_trace
