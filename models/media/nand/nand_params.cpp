// SPDX-License-Identifier: Apache-2.0
#include "models/media/nand/nand_params.h"

namespace media {

std::vector<std::string> validate(const NandParams& params) {
    util::ParamProblems problems;
    NandParams::visit(params, problems.check_ranges());
    problems.require("nand_page_bytes", params.page_bytes, util::is_power_of_two(params.page_bytes),
                     "must be a power of 2");
    problems.require("nand_channels", params.channels, dies_of(params) <= kMostDies,
                     "must leave at most " + std::to_string(kMostDies) +
                         " dies, with nand_packages and nand_dies (" +
                         std::to_string(dies_of(params)) + ")");
    problems.require("nand_retry_percent", params.wear.retry_percent,
                     params.wear.retry_percent == 0 || params.wear.endurance != 0,
                     "must be 0 without nand_endurance");
    problems.require("nand_spare_blocks", params.wear.spare_blocks,
                     params.blocks == 0 || params.wear.spare_blocks < params.blocks,
                     "must be less than nand_blocks (" + std::to_string(params.blocks) + ")");
    return problems.take();
}

}  // namespace media
