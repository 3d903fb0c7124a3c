// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/spec/media_logs.h"
#include "models/nvme/state/controller_state.h"

// Log pages about the flash behind the namespaces; of media whose model counts blocks and pages.
// All of it is one Endurance Group. [NVMe-Base-2.0 3.2.3 Endurance Groups]
namespace nvme {

inline constexpr std::uint16_t kEnduranceGroup = 1;

/// The media has blocks that wear out.
[[nodiscard]] inline bool has_endurance_group(const ControllerState& state) {
    return state.subsystem.params().media.model == media::Model::kNand;
}
/// That all namespaces are in; 0: none.
[[nodiscard]] inline std::uint16_t endurance_group_of(const ControllerState& state) {
    return has_endurance_group(state) ? kEnduranceGroup : 0;
}
[[nodiscard]] spec::EnduranceGroupLog endurance_group_log(const ControllerState& state);
[[nodiscard]] spec::OcpSmartLog ocp_smart_log(const ControllerState& state);

}  // namespace nvme
