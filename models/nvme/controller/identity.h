// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "models/nvme/params/params.h"
#include "models/nvme/subsystem/subsystem.h"

namespace nvme {

/// `params` with an identity where they leave it open (an empty subsystem_nqn or serial_number,
/// kDerivedControllerId): that of `subsystem`, if there is one already, or one made from `name`.
/// The same names give the same identities in every run; different names, different ones.
[[nodiscard]] ControllerParams with_identity(ControllerParams params, std::string_view name,
                                             const Subsystem* subsystem = nullptr);

}  // namespace nvme
