// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>

#include <systemc>

#include "models/util/sc_time_ps.h"

namespace nvme {

/// The controller's time. A process in its step may go ahead of the kernel, while the kernel has
/// nothing to run before or at the time at which the process wants to go on: it would only wake the
/// process. Whatever leaves the controller leaves at the kernel's time.
class LocalClock {
public:
    /// False: never ahead.
    explicit LocalClock(bool may_run_ahead) : may_run_ahead_(may_run_ahead) {}

    [[nodiscard]] util::TimePs now() const { return std::max(kernel_.now(), ahead_); }

    /// True: it is `at` now. False: the kernel has something to run by then.
    [[nodiscard]] bool go_ahead(util::TimePs at);
    /// Waits until the kernel's time is that of the process that went ahead.
    void let_kernel_follow();
    /// The process has done its step.
    void end_step() { step_is_ahead_ = false; }

    [[nodiscard]] util::TimePs to_ps(const sc_core::sc_time& t) const { return kernel_.to_ps(t); }
    void notify_at(sc_core::sc_event& event, util::TimePs at) const {
        kernel_.notify_at(event, at);
    }

private:
    const util::ScTimePs kernel_;
    const bool may_run_ahead_;
    util::TimePs ahead_ = 0;
    bool step_is_ahead_ = false;
};

}  // namespace nvme
