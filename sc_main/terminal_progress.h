// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "platform/config/terminal_line.h"
#include "platform/runner/runner.h"

namespace nvme_vp {

/// How far a run is, on the terminal: percent, simulated time, IOPS.
class TerminalProgress {
public:
    void update(const platform::Runner::Progress& progress);
    /// Removes the line.
    void clear() { line_.clear(); }

private:
    platform::TerminalLine line_;
    platform::Runner::Progress before_;
};

}  // namespace nvme_vp
