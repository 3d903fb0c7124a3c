// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/server.h"

#include "models/pcie/msix.h"

namespace platform {

VfioUserParams bridge_params(const VfioUserServerOptions& options) {
    VfioUserParams params;
    params.socket_path = options.socket_path;
    params.doorbells = options.doorbells;
    params.pace = options.pace;
    params.dma_reply_ms = options.dma_reply_ms;
    params.bar4_size = pcie::Msix::bar_size(options.controller.msix_vectors);
    params.msix_vectors = options.controller.msix_vectors;
    params.intx = options.controller.intx;
    params.doorbell_registers = 2 * (options.controller.max_io_queues + 1u);
    return params;
}

VfioUserServer::VfioUserServer(const VfioUserServerOptions& options)
    : controller_("nvme0", options.controller),
      bridge_("vfio_user", bridge_params(options)),
      perst_n_("perst_n", true),
      intx_("intx") {
    bridge_.config.bind(controller_.config);
    bridge_.bar0.bind(controller_.bar0);
    bridge_.bar4.bind(controller_.bar4);
    controller_.dma.bind(bridge_.dma);
    bridge_.perst_n.bind(perst_n_);
    controller_.perst_n.bind(perst_n_);
    controller_.intx.bind(intx_);
    bridge_.intx.bind(intx_);
}

}  // namespace platform
