// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace nvme_vp {

/// A run of this program in a process of its own.
struct SweepWork {
    std::vector<std::string> words;  ///< behind the name of the program
    std::string report;              ///< that it writes; removed when it ends badly
    std::string log;                 ///< what it says goes there; removed when it ends well
};

/// Signals that stop a sweep are kept until run_processes() takes them, from here on.
void hold_signals();

/// Runs all of them, `most` at a time, and calls done(count) as they end. False: a signal has
/// stopped it; those that were running then were killed.
[[nodiscard]] bool run_processes(const std::vector<SweepWork>& all, unsigned most,
                                 const std::function<void(std::size_t)>& done);

}  // namespace nvme_vp
