// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <vector>

#include "sc_main/sweep/sweep_directory.h"

namespace nvme_vp {

/// Runs all of them in processes of their own, `most` at a time, and calls done(count) as they end.
/// False: a signal has stopped it (stop_signals.h); those that were running then were killed.
[[nodiscard]] bool run_processes(const std::vector<SweepWork>& all, unsigned most,
                                 const std::function<void(std::size_t)>& done);

}  // namespace nvme_vp
