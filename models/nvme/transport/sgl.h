// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

#include "models/nvme/spec/sgl.h"
#include "models/nvme/transport/host_buffer.h"

namespace nvme {

/// Expands an SGL into `out`, in the order of the data. `first` is the descriptor in the command,
/// `len` the bytes of data, bounded by the caller (MDTS). A list may describe more than that; what
/// is behind `len` is not looked at. Bit buckets are part of it only when the data goes `to_host`.
/// Returns when the last segment has been read.
///
/// A list has no natural end: descriptors may be empty, and segments may go in circles. One that
/// has more than most_sgl_descriptors(len) is refused.
/// Errors: those of the specification, and Data Transfer Error for a segment that is unreachable.
/// [NVMe-Base-2.0 4.1.2 Scatter Gather List]
Result<util::TimePs> walk_sgl(const CommandDma& dma, util::TimePs start,
                              const spec::SglDescriptor& first, std::size_t len, bool to_host,
                              ExtentList& out);

/// One for each 512 bytes, and as many as any driver has besides.
constexpr std::size_t most_sgl_descriptors(std::size_t len) {
    return 1024 + len / 512;
}

}  // namespace nvme
