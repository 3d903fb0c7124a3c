// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/nvme/params/capability_params.h"
#include "models/nvme/params/pci_params.h"
#include "models/nvme/params/power_params.h"
#include "models/nvme/params/subsystem_params.h"
#include "models/nvme/params/time_params.h"

namespace nvme {

/// Everything a user may set for one controller, in groups: whoever needs one group takes that.
/// Plain data; `visit` of a group is the one list of its names, shared by the JSON reader, `--help`
/// and the documentation.
struct ControllerParams : SubsystemParams, CapabilityParams, PowerParams, TimeParams, PciParams {
    /// Calls v(ParamInfo, field) for each parameter, in the order of the documentation.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        SubsystemParams::visit(p, v);
        CapabilityParams::visit(p, v);
        PowerParams::visit(p, v);
        TimeParams::visit(p, v);
        PciParams::visit(p, v);
    }
};

inline bool has_write_cache(const ControllerParams& p) {
    return p.write_cache_bytes != 0;
}
/// A fused operation is two commands of one queue that are executed together.
inline bool fused_offered(const ControllerParams& p) {
    return p.max_inflight_per_sq >= 2;
}
inline bool has_keep_alive(const ControllerParams& p) {
    return p.keep_alive_granularity != 0;
}

/// Every problem of `params`, one message each; empty when they are good.
[[nodiscard]] std::vector<std::string> validate(const ControllerParams& params);

/// Names of the parameters that all controllers of an NVM subsystem have the same values of.
[[nodiscard]] const std::vector<std::string_view>& subsystem_parameters();

}  // namespace nvme
