// SPDX-License-Identifier: Apache-2.0
#include "sc_main/lint_visitor.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdint>

#include "models/util/sc_time_ps.h"

namespace nvme_vp {
namespace {

constexpr long kTenthOfASecond = 100'000'000;  // nanoseconds

}  // namespace

LintVisitor::LintVisitor(Observers& observers)
    : observers_(observers),
      clock_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    const itimerspec often{{0, kTenthOfASecond}, {0, kTenthOfASecond}};
    (void)::timerfd_settime(clock_.get(), 0, &often, nullptr);
}

void LintVisitor::add_sources(std::vector<pollfd>& sources) const {
    if (observers_.lint_waits()) sources.push_back({clock_.get(), POLLIN, 0});
}

bool LintVisitor::look() {
    std::uint64_t ticks = 0;
    if (::read(clock_.get(), &ticks, sizeof ticks) == static_cast<ssize_t>(sizeof ticks))
        observers_.look(util::ScTimePs().now());
    return false;
}

}  // namespace nvme_vp
