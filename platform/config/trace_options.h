// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "models/observe/trace_filter.h"
#include "platform/config/program_config.h"

namespace platform {

/// What the event traces are to hold, by trace_events, trace_queues, trace_from_ns and trace_to_ns.
[[nodiscard]] observe::TraceSelection trace_selection(const RunOptions& run,
                                                      std::vector<std::string>& problems);

}  // namespace platform
