// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/link_params.h"

#include <algorithm>

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
    const std::uint32_t boundary = params.read_completion_boundary;
    problems.require("link_read_completion_boundary", boundary,
                     boundary == 0 || boundary == 64 || boundary == 128, "must be 0, 64 or 128");
    const std::uint32_t completion = params.completion_bytes;
    const std::uint32_t least = std::max(64u, boundary);
    problems.require("link_completion_bytes", completion,
                     completion == 0 || (util::is_power_of_two(completion) && completion >= least),
                     "must be 0, or a power of two from " + std::to_string(least) + " to 4096");
    // A receiver has room for the largest packet. [PCIe-Base-4.0 2.6.1 Flow Control Rules]
    const std::uint32_t packet = params.max_payload / kCreditBytes;
    problems.require(
        "link_posted_data_credits", params.posted_data_credits,
        params.posted_data_credits == 0 || params.posted_data_credits >= packet,
        "must be 0, or at least link_max_payload / 16 (" + std::to_string(packet) + ")");
    problems.require(
        "link_read_buffer_bytes", params.read_buffer_bytes,
        params.read_buffer_bytes == 0 || params.read_buffer_bytes >= params.max_read_request,
        "must be 0, or at least link_max_read_request (" + std::to_string(params.max_read_request) +
            ")");
    // [PCIe-Base-6.0 5.4.1 Active State Power Management (ASPM)]
    problems.require("link_l0s_entry_ns", params.l0s_entry_ns,
                     params.l0s_entry_ns == 0 || params.gen < 6,
                     "must be 0 with link_gen = 6: in flits there is no L0s");
    return problems.take();
}

}  // namespace pcie
