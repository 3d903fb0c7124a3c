// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/module/nvme_controller.h"

namespace platform {

/// How hosts left the controller that they had enabled.
struct Shutdowns {
    std::uint64_t normal = 0;  ///< shut down, as before power goes
    std::uint64_t abrupt = 0;
    std::uint64_t none = 0;  ///< enabled still, or its shutdown not complete

    /// Of the loss of power that a host's end is. [NVMe-Base-2.0 3.6.1 Memory-based Transport
    /// Controller Shutdown]
    void count(nvme::NvmeController& controller);
};

}  // namespace platform
