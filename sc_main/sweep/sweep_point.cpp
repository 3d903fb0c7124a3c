// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_point.h"

#include <string>

#include "sc_main/standard_streams.h"
#include "sc_main/sweep/stop_signals.h"
#include "sc_main/sweep/sweep_directory.h"
#include "sc_main/sweep/sweep_plan.h"
#include "sc_main/sweep/sweep_processes.h"

namespace nvme_vp {

int sweep_point(CommandLine& line) {
    const SweepDirectory directory(line.directory);
    const SweepOrder order = directory.order(line.problems);
    if (!line.problems.empty()) return kUsage;
    const SweepPlan plan(order.over, line.problems);
    if (line.problems.empty() && line.point >= plan.points())
        line.problems.push_back("point " + std::to_string(line.point) +
                                ": the sweep has points 0 to " + std::to_string(plan.points() - 1));
    if (!line.problems.empty()) return kUsage;
    if (directory.report(line.point)) return kGood;
    hold_stop_signals();
    const bool ended = run_processes({directory.work(plan, order, line.point)}, 1, [](auto) {});
    if (directory.report(line.point)) return kGood;
    const std::string name = "point " + std::to_string(line.point);
    tell_problems(
        {name + (ended ? " failed, see " + directory.log(line.point).string() : " was stopped")});
    return kRunFailed;
}

}  // namespace nvme_vp
