// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "platform/vfio_user/serve_visitor.h"
#include "platform/vfio_user/unique_fd.h"
#include "sc_main/observers.h"

namespace nvme_vp {

/// While the lint waits to see how long something lasts, and nothing happens that would make it
/// look: has it look ten times a second.
class LintVisitor final : public platform::ServeVisitor {
public:
    explicit LintVisitor(Observers& observers);

    void add_sources(std::vector<pollfd>& sources) const override;
    [[nodiscard]] bool look() override;

private:
    Observers& observers_;
    platform::vfio_user::UniqueFd clock_;  // a timerfd
};

}  // namespace nvme_vp
