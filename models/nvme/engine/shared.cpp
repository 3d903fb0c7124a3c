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

}  // namespace nvme
