// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/local_clock.h"

#include <utility>

namespace nvme {
using util::TimePs;

bool LocalClock::go_ahead(TimePs at) {
    if (!may_run_ahead_ || sc_core::sc_pending_activity_at_current_time()) return false;
    const TimePs now = kernel_.now();
    // As the kernel would count it, whose resolution may be coarser.
    const TimePs then = now + kernel_.to_ps(kernel_.to_sc(at - now));
    if (sc_core::sc_pending_activity_at_future_time() &&
        now + kernel_.to_ps(sc_core::sc_time_to_pending_activity()) <= then)
        return false;
    ahead_ = then;
    step_is_ahead_ = true;
    return true;
}

void LocalClock::let_kernel_follow() {
    if (!std::exchange(step_is_ahead_, false)) return;
    const TimePs now = kernel_.now();
    if (ahead_ > now) sc_core::wait(kernel_.to_sc(ahead_ - now));
}

}  // namespace nvme
