// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "sc_main/observers.h"

namespace nvme_vp {

/// What each command has taken: {"data": {"to_host", "from_host"}, "opcodes": [{"queue", "opcode",
/// "name", "count", "errors", "latency_ps"}]}; null when nobody asked for it.
[[nodiscard]] nlohmann::ordered_json served_json(const observe::CommandStatistics* statistics);
/// Of the controller; of several, a list.
[[nodiscard]] nlohmann::ordered_json served_json(const Observers& observers);

}  // namespace nvme_vp
