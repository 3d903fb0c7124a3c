// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "sc_main/sweep/sweep_plan.h"
#include "sc_main/sweep/sweep_table.h"

namespace nvme_vp {

/// A script with which gnuplot draws the table over one axis (plot_data.h) as plot.svg, with its
/// data. What a user has called something is a text in it and nothing else.
[[nodiscard]] std::string plot_script(const SweepPlan& plan, const SweepTable& table);

}  // namespace nvme_vp
