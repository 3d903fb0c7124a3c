// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "traces/analysis/analysis.h"

namespace analysis {

/// The reads and writes as `blkparse` prints those of a kernel, in its default format, in the order
/// of time: Q at the doorbell, D at the fetch, C at the completion. The device is 259,N of
/// namespace N + 1, the processor that of the queue: 0 of the first I/O queue.
[[nodiscard]] std::string blkparse_text(const Analysis& analysis, std::uint32_t block_bytes);

}  // namespace analysis
