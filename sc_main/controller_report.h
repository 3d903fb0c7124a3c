// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

#include <nlohmann/json_fwd.hpp>

#include "models/faults/injector.h"
#include "models/nvme/module/nvme_controller.h"
#include "platform/vfio_user/shutdowns.h"
#include "sc_main/observers.h"

namespace nvme_vp {

/// The members of a report that are about a controller which a foreign driver has used.
[[nodiscard]] nlohmann::ordered_json controller_json(nvme::NvmeController& controller,
                                                     const platform::Shutdowns& shutdowns,
                                                     const faults::Injector& plan,
                                                     const Observers& observers,
                                                     std::size_t number);

}  // namespace nvme_vp
