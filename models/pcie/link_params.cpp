// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/link_params.h"

namespace pcie {
namespace {

constexpr const char* kSizes = "must be 128, 256, 512, 1024, 2048 or 4096";

}  // namespace

std::vector<std::string> validate(const LinkParams& params) {
    util::ParamProblems problems;
    LinkParams::visit(params, problems.check_ranges());
    problems.require("link_lanes", params.lanes, util::is_power_of_two(params.lanes),
                     "must be 1, 2, 4, 8 or 16");
    problems.require("link_max_payload", params.max_payload,
                     util::is_power_of_two(params.max_payload), kSizes);
    problems.require("link_max_read_request", params.max_read_request,
                     util::is_power_of_two(params.max_read_request), kSizes);
    return problems.take();
}

}  // namespace pcie
