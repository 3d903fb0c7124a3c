// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>

#include "platform/runner/runner.h"

namespace nvme_vp {

/// One line on standard error that is rewritten in place: percent, simulated time, IOPS. Nothing
/// at all where standard error is not a terminal.
class TerminalProgress {
public:
    TerminalProgress();
    ~TerminalProgress() { clear(); }
    TerminalProgress(const TerminalProgress&) = delete;
    TerminalProgress& operator=(const TerminalProgress&) = delete;

    void update(const platform::Runner::Progress& progress);
    /// Removes the line.
    void clear();

private:
    const bool terminal_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point last_{};
    platform::Runner::Progress before_;
};

}  // namespace nvme_vp
