// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/shared.h"

#include "models/media/fixed_timing.h"
#include "models/media/no_timing.h"

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

std::unique_ptr<media::MediaTiming> make_timing(const ControllerParams& p) {
    if (p.media == MediaModel::kNone) return std::make_unique<media::NoTiming>();
    media::FixedTimingParams fixed;
    fixed.read_ns = p.media_read_ns;
    fixed.program_ns = p.media_program_ns;
    fixed.cache_write_ns = p.media_cache_write_ns;
    fixed.flush_ns = p.media_flush_ns;
    fixed.deallocate_ns = p.media_deallocate_ns;
    fixed.units = p.media_units;
    return std::make_unique<media::FixedTiming>(fixed);
}

}  // namespace

Shared::Shared(ControllerState& s, HostMemory& memory)
    : state(s),
      link(link_params(s.params)),
      dma(memory, link, s.clock),
      shadow(dma, s.params.max_io_queues),
      arbiter(s.params.max_io_queues),
      coalescer(s.features, s.params.msix_vectors),
      timing(make_timing(s.params)) {}

}  // namespace nvme
