// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <vector>

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

/// What people are told of it in the end, below `label` if there are others; empty when there is
/// nothing to say.
[[nodiscard]] std::string controller_text(const std::string& label, const faults::Injector& plan,
                                          const Observers& observers, std::size_t number);
/// The members of one controller, or a list of several.
[[nodiscard]] nlohmann::ordered_json of_all(const std::vector<nlohmann::ordered_json>& controllers);

}  // namespace nvme_vp
