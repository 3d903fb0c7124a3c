// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "traces/analysis/analysis.h"

namespace analysis {

/// The commands, the load and the marks as "Trace Event Format" JSON, which ui.perfetto.dev and
/// chrome://tracing open: a process for each queue, in it a lane for each command in flight, with
/// its stages as slices; counters of depth, IOPS and use.
[[nodiscard]] std::string perfetto_json(const Analysis& analysis);

}  // namespace analysis
