// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

#include "models/nvme/spec/identify.h"
#include "models/nvme/state/controller_state.h"

/// What the Identify command tells, computed from parameters and state.
namespace nvme {

class Background;

spec::IdentifyController identify_controller(const ControllerState& state,
                                             const Background& background);
spec::IdentifyNamespace identify_namespace(const ControllerState& state, const Namespace& ns);
spec::IdentifyNamespaceIndependent identify_independent(const ControllerState& state,
                                                        const Namespace& ns);
/// Namespace Identification Descriptors into 4,096 zeroed bytes.
void identify_descriptors(const Namespace& ns, std::byte* out);

}  // namespace nvme
