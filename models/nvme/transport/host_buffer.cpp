// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/host_buffer.h"

#include "models/nvme/spec/entries.h"

namespace nvme {
using spec::StatusCode;
using util::TimePs;

CommandError unreachable(const ExtentList& extents, const Extent& extent, std::uint32_t offset) {
    const bool first = &extent == extents.begin();
    return {StatusCode::kDataTransferError, "data buffer is unreachable", extent.gpa + offset,
            false, first ? spec::Prp1::at() : spec::Prp2::at()};
}

Result<TimePs> read_extents(const CommandDma& dma, TimePs start, const ExtentList& extents,
                            std::byte* to) {
    TimePs arrived = start;
    for (const Extent& e : extents) {
        const DmaResult moved = dma.read(start, e.gpa, to, e.len);
        if (!moved) return unreachable(extents, e);
        arrived = std::max(arrived, moved.done);
        to += e.len;
    }
    return arrived;
}

}  // namespace nvme
