// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/ftl_params.h"

namespace media {

std::vector<std::string> validate(const FtlParams& params, const NandParams& nand) {
    util::ParamProblems problems;
    FtlParams::visit(params, problems.check_ranges());
    problems.require(
        "ftl_unit_bytes", params.unit_bytes,
        util::is_power_of_two(params.unit_bytes) && params.unit_bytes <= nand.page_bytes,
        "must be a power of 2 and at most nand_page_bytes (" + std::to_string(nand.page_bytes) +
            ")");
    // Every die may have a stripe that is not full.
    const std::uint64_t stripe = std::uint64_t{nand.page_bytes} * nand.planes;
    const std::uint64_t least = stripe * (planes_first(params.striping) ? 2 : dies_of(nand) + 1);
    problems.require("ftl_buffer_bytes", params.buffer_bytes,
                     params.buffer_bytes == 0 || params.buffer_bytes >= least,
                     "must be 0, or at least " + std::to_string(least));
    return problems.take();
}

}  // namespace media
