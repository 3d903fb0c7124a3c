// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace nvme_vp {

/// A run of this program in a process of its own.
struct SweepWork {
    std::vector<std::string> words;  ///< behind the name of the program
    std::string log;                 ///< what it says goes there; removed when it ends well
};

/// Runs all of them, `most` at a time, until `stop`; those that are running then are killed. Calls
/// done(count) as they end.
void run_processes(const std::vector<SweepWork>& all, unsigned most, const std::atomic<bool>& stop,
                   const std::function<void(std::size_t)>& done);

}  // namespace nvme_vp
