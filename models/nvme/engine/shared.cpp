// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/shared.h"

namespace nvme {

Shared::Shared(ControllerState& s, HostMemory& memory)
    : state(s),
      link(s.params.link),
      dma(memory, link, s.clock),
      shadow(dma, s.params.max_io_queues),
      arbiter(s.params.max_io_queues),
      coalescer(s.features, s.params.msix_vectors),
      background(s),
      cores(s.params.firmware_cores) {}

void report_stale(Shared& shared, const CompletionQueue& cq) {
    if (shared.state.trace == nullptr) return;
    if (const std::uint32_t entries = cq.stale_entries(shared.dma); entries != 0)
        shared.state.trace->record(observe::StaleEntries{shared.now(), cq.id(), entries});
}

}  // namespace nvme
