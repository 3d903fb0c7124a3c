// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/module/nvme_controller.h"
#include "platform/modules/host_platform.h"
#include "tests/sim/controller/dma_probe.h"

namespace nvme::test {

/// What the host sees of a controller whose DMA passes a probe: all else is the controller's own.
struct ProbedEndpoint {
    decltype(NvmeController::bar0)& bar0;
    decltype(NvmeController::bar4)& bar4;
    decltype(NvmeController::config)& config;
    decltype(DmaProbe::out)& dma;
    decltype(NvmeController::perst_n)& perst_n;
    decltype(NvmeController::intx)& intx;
};

/// Puts the probe between the two. Returns the slot.
inline unsigned attach_probed(platform::HostPlatform& host, NvmeController& controller,
                              DmaProbe& probe) {
    controller.dma.bind(probe.in);
    ProbedEndpoint endpoint{controller.bar0, controller.bar4,    controller.config,
                            probe.out,       controller.perst_n, controller.intx};
    return host.attach(endpoint);
}

}  // namespace nvme::test
