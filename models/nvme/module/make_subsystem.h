// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "models/nvme/params/params.h"
#include "models/nvme/subsystem/subsystem.h"

namespace nvme {

/// What `params` say of a subsystem. One without subsystem_nqn gets a name from where it is made in
/// the hierarchy of modules.
[[nodiscard]] std::shared_ptr<Subsystem> make_subsystem(const ControllerParams& params);

}  // namespace nvme
