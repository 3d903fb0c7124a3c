// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <utility>
#include <vector>

#include "models/observe/driver_lint.h"
#include "models/util/sc_time_ps.h"
#include "platform/vfio_user/serve_visitor.h"
#include "platform/vfio_user/unique_fd.h"
#include "platform/vfio_user/wall_clock.h"

namespace platform {

/// While a lint waits to see how long something lasts, and nothing happens that would make it look:
/// has it look ten times a second.
class LintVisitor final : public ServeVisitor {
public:
    /// They must outlive it.
    explicit LintVisitor(std::vector<observe::DriverLint*> lints);

    /// Time passes as on the clock on the wall, while that runs, also where nothing happens that
    /// simulated time would go on with. It must outlive the last look().
    void follow(const WallClock& wall) { wall_ = &wall; }

    // ServeVisitor
    void add_sources(std::vector<pollfd>& sources) const override;
    [[nodiscard]] bool look() override;

private:
    [[nodiscard]] util::TimePs now() const;

    const std::vector<observe::DriverLint*> lints_;
    const vfio_user::UniqueFd timer_;  // a timerfd
    const util::ScTimePs time_;
    const WallClock* wall_ = nullptr;
};

}  // namespace platform
