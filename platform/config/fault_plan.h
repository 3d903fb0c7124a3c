// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/faults/rule.h"

namespace platform {

/// Reads the list `faults` of a controller (docs/faults.md); `path` is its place, for problems.
[[nodiscard]] std::vector<faults::Rule> read_fault_plan(const nlohmann::json& list,
                                                        const std::string& path,
                                                        std::vector<std::string>& problems);
/// Of each rule only what differs from the defaults: most fields mean nothing for most actions.
[[nodiscard]] nlohmann::ordered_json write_fault_plan(const std::vector<faults::Rule>& plan);

}  // namespace platform
