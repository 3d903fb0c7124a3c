// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/lint_visitor.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "models/util/sysc_compat.h"

namespace platform {

using util::TimePs;

namespace {

constexpr long kTenthOfASecond = 100'000'000;  // nanoseconds

}  // namespace

LintVisitor::LintVisitor(std::vector<observe::DriverLint*> lints)
    : lints_(std::move(lints)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    const itimerspec often{{0, kTenthOfASecond}, {0, kTenthOfASecond}};
    (void)::timerfd_settime(timer_.get(), 0, &often, nullptr);
}

void LintVisitor::add_sources(std::vector<pollfd>& sources) const {
    const bool waits = std::any_of(lints_.begin(), lints_.end(),
                                   [](const auto* lint) { return lint->due() != util::kNever; });
    if (waits) sources.push_back({timer_.get(), POLLIN, 0});
}

bool LintVisitor::look() {
    std::uint64_t ticks = 0;
    if (::read(timer_.get(), &ticks, sizeof ticks) != static_cast<ssize_t>(sizeof ticks))
        return false;
    const TimePs at = now();
    for (observe::DriverLint* lint : lints_) lint->look(at);
    return false;
}

/// The kernel moves its time only to what happens. What it has not come to yet, for this computer
/// is slow, may be what ends the wait: time that lies behind has not passed.
TimePs LintVisitor::now() const {
    const TimePs simulated = time_.now();
    if (wall_ == nullptr || !wall_->runs()) return simulated;
    TimePs passed = wall_->now();
    const auto* const kernel = sc_core::sc_get_curr_simcontext();
    if (sc_core::sc_pending_activity(kernel))
        passed =
            std::min(passed, simulated + time_.to_ps(sc_core::sc_time_to_pending_activity(kernel)));
    return std::max(simulated, passed);
}

}  // namespace platform
