// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Everything that a virtual platform needs to instantiate the controller:
/// nvme::NvmeController with its nvme::ControllerParams, and stores for its namespaces.
#include "models/media/file_store.h"
#include "models/media/ram_store.h"
#include "models/nvme/controller/nvme_controller.h"
#include "models/pcie/dma_extension.h"
