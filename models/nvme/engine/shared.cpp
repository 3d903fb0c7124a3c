// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/shared.h"

namespace nvme {
namespace {

pcie::LinkParams link_params(const ControllerParams& p) {
    pcie::LinkParams link;
    link.gen = p.link_gen;
    link.lanes = p.link_lanes;
    link.max_payload = p.link_max_payload;
    link.latency_ns = p.link_latency_ns;
    return link;
}

}  // namespace

Shared::Shared(ControllerState& s, HostMemory& memory)
    : state(s),
      link(link_params(s.params)),
      dma(memory, link, s.clock),
      shadow(dma, s.params.max_io_queues),
      arbiter(s.params.max_io_queues),
      coalescer(s.features, s.params.msix_vectors) {}

}  // namespace nvme
