// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

#include "models/nvme/spec/entries.h"
#include "models/nvme/transport/host_buffer.h"

namespace nvme {

/// Expands DPTR of a command with `len` bytes of data, PRPs or SGL as CDW0.PSDT says, into `out`.
/// Returns when the last list has been read.
Result<util::TimePs> walk_data_pointer(const CommandDma& dma, util::TimePs start,
                                       const spec::SubmissionEntry& sqe, std::size_t len,
                                       std::size_t page_size, ExtentList& out);

}  // namespace nvme
