// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/pcie/link_params.h"
#include "models/util/params.h"

namespace nvme {

/// The PCI Express function, and its link.
struct PciParams {
    std::uint16_t vendor_id = 0x1414;
    std::uint16_t device_id = 0xb111;
    std::uint16_t subsystem_vendor_id = 0x1414;
    std::uint16_t subsystem_id = 0;
    std::uint8_t revision_id = 0;
    std::uint16_t msix_vectors = 65;
    bool intx = false;
    std::uint16_t requester_id = 0;
    bool dma_uses_dmi = true;
    bool run_ahead = true;
    pcie::LinkParams link;

    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"vendor_id", "", "PCI vendor id, Identify Controller VID", 0, 0xffff}, p.vendor_id);
        v(I{"device_id", "", "PCI device id", 0, 0xffff}, p.device_id);
        v(I{"subsystem_vendor_id", "", "PCI subsystem vendor id, SSVID", 0, 0xffff},
          p.subsystem_vendor_id);
        v(I{"subsystem_id", "", "PCI subsystem id", 0, 0xffff}, p.subsystem_id);
        v(I{"revision_id", "", "PCI revision id", 0, 0xff}, p.revision_id);
        v(I{"msix_vectors", "vectors", "size of the MSI-X table", 1, 2048}, p.msix_vectors);
        v(I{"intx", "", "offer a pin-based interrupt, used while MSI-X is disabled"}, p.intx);
        v(I{"requester_id", "", "bus << 8 | device << 3 | function, carried by every DMA", 0,
            0xffff},
          p.requester_id);
        v(I{"dma_uses_dmi", "", "use direct memory pointers on dma where the target grants them"},
          p.dma_uses_dmi);
        v(I{"run_ahead", "",
            "go on without asking the kernel while nothing else in the simulation is due"},
          p.run_ahead);
        pcie::LinkParams::visit(p.link, v);
    }
};

/// What is wrong with them, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const PciParams& params);

}  // namespace nvme
