// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <utility>

#include <systemc>

#include "models/util/sc_time_ps.h"

namespace nvme {

/// The controller's time. A process in its step may go ahead of the kernel: while the kernel has
/// nothing to run before the time at which the process wants to go on, it need not be asked, and no
/// other process can tell. Whatever leaves the controller leaves at the kernel's time.
class LocalClock {
public:
    /// False: never ahead.
    explicit LocalClock(bool may_run_ahead) : may_run_ahead_(may_run_ahead) {}

    [[nodiscard]] util::TimePs now() const { return std::max(kernel_.now(), ahead_); }

    /// It is `at` now, unless the kernel runs something before or then.
    [[nodiscard]] bool go_ahead(util::TimePs at) {
        if (!may_run_ahead_ || sc_core::sc_pending_activity_at_current_time()) return false;
        const util::TimePs now = kernel_.now();
        // As the kernel would count it, whose resolution may be coarser.
        const util::TimePs then = now + kernel_.to_ps(kernel_.to_sc(at - now));
        if (sc_core::sc_pending_activity_at_future_time() &&
            now + kernel_.to_ps(sc_core::sc_time_to_pending_activity()) <= then)
            return false;
        ahead_ = then;
        leading_ = true;
        return true;
    }
    /// Waits until the kernel's time is that of the process that went ahead.
    void let_kernel_follow() {
        if (!std::exchange(leading_, false)) return;
        const util::TimePs now = kernel_.now();
        if (ahead_ > now) sc_core::wait(kernel_.to_sc(ahead_ - now));
    }
    /// The process has done its step.
    void end_step() { leading_ = false; }

    [[nodiscard]] util::TimePs to_ps(const sc_core::sc_time& t) const { return kernel_.to_ps(t); }
    void notify_at(sc_core::sc_event& event, util::TimePs at) const {
        kernel_.notify_at(event, at);
    }

private:
    const util::ScTimePs kernel_;
    const bool may_run_ahead_;
    util::TimePs ahead_ = 0;
    bool leading_ = false;  // a process in its step is ahead of the kernel
};

}  // namespace nvme
