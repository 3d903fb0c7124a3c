// SPDX-License-Identifier: Apache-2.0
#include "sc_main/terminal_progress.h"

#include <cstdio>

#include "platform/workload/statistics.h"

namespace nvme_vp {

void TerminalProgress::update(const platform::Runner::Progress& progress) {
    if (!line_.due()) return;
    const auto requests = static_cast<double>(progress.requests - before_.requests);
    const auto time = static_cast<double>(progress.simulated - before_.simulated);
    char text[100];
    std::snprintf(text, sizeof text, "%3.0f%%  simulated %s  %.0f IOPS", progress.fraction * 100,
                  platform::format_time(progress.simulated).c_str(),
                  time > 0 ? requests * static_cast<double>(util::kPsPerS) / time : 0.0);
    line_.show(text);
    before_ = progress;
}

}  // namespace nvme_vp
