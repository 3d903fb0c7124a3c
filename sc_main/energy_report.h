// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "models/nvme/state/energy_meter.h"

namespace nvme_vp {

/// Null where nothing is known.
[[nodiscard]] nlohmann::ordered_json energy_json(const nvme::Energy& energy);
/// One line for people; empty where nothing is known.
[[nodiscard]] std::string energy_text(const nvme::Energy& energy);

}  // namespace nvme_vp
