// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Everything that a virtual platform needs to instantiate the controller:
/// nvme::NvmeController (PCI Express) or nvme::PlatformNvme (none) with its nvme::ControllerParams,
/// stores for its namespaces, and fault plans.
#include "models/faults/injector.h"
#include "models/media/store/file_store.h"
#include "models/media/store/ram_store.h"
#include "models/nvme/module/nvme_controller.h"
#include "models/nvme/module/platform_nvme.h"
#include "models/pcie/dma_extension.h"
