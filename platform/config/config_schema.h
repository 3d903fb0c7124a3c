// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>

namespace platform {

/// The JSON Schema (draft 2020-12) of configuration files, made from the parameters themselves:
/// what editors use to complete and to check while a file is written. Rules that involve several
/// keys are the program's alone.
[[nodiscard]] nlohmann::ordered_json config_schema();

}  // namespace platform
