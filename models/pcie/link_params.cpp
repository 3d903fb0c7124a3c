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
    problems.require("max_read_request", params.max_read_request,
                     util::is_power_of_two(params.max_read_request) &&
                         params.max_read_request >= 128 && params.max_read_request <= 4096,
                     kSizes);
    problems.require("tlp_overhead_bytes", params.tlp_overhead_bytes,
                     params.tlp_overhead_bytes <= 1024, "must be at most 1024");
    return problems.take();
}

}  // namespace pcie
