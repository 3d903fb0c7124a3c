// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/nvme/ports/result.h"
#include "models/nvme/transport/command_dma.h"
#include "models/nvme/transport/host_buffer.h"

namespace nvme {

struct PrpPointers {
    std::uint64_t prp1, prp2;
};

/// Expands a PRP pair into `out`, in the order of the data. `len` must be bounded by the caller
/// (MDTS): it is what ends the walk. Returns when the last PRP list has been read.
/// Errors: PRP Offset Invalid for an offset where none is allowed or a pointer that is not dword
/// (data) or qword (list) aligned; Data Transfer Error for a list in unreachable memory.
/// [NVMe-Base-2.0 4.1.1 Physical Region Page Entry and List]
Result<util::TimePs> walk_prps(const CommandDma& dma, util::TimePs start, PrpPointers prps,
                               std::size_t len, std::size_t page_size, ExtentList& out);

}  // namespace nvme
