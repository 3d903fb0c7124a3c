// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/params/params.h"

namespace nvme {

std::vector<std::string> validate(const ControllerParams& params) {
    util::ParamProblems problems;
    problems.include(validate(static_cast<const SubsystemParams&>(params)));
    problems.include(validate(static_cast<const CapabilityParams&>(params)));
    problems.include(validate(static_cast<const PowerParams&>(params)));
    problems.include(validate(static_cast<const TimeParams&>(params)));
    problems.include(validate(static_cast<const PciParams&>(params)));
    return problems.take();
}

const std::vector<std::string_view>& subsystem_parameters() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        const SubsystemParams params;
        SubsystemParams::visit(
            params, [&all](const util::ParamInfo& info, const auto&) { all.push_back(info.name); });
        return all;
    }();
    return names;
}

}  // namespace nvme
