// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

#include "models/nvme/controller/core.h"
#include "models/nvme/spec/identify.h"

/// What the Identify command tells, computed from parameters and state.
namespace nvme {

spec::IdentifyController identify_controller(const Core& core);
spec::IdentifyNamespace identify_namespace(const Core& core, const Namespace& ns);
spec::IdentifyNamespaceIndependent identify_independent(const Core& core, const Namespace& ns);
/// Namespace Identification Descriptors into 4,096 zeroed bytes.
void identify_descriptors(const Namespace& ns, std::byte* out);

}  // namespace nvme
