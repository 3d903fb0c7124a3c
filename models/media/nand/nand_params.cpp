// SPDX-License-Identifier: Apache-2.0
#include "models/media/nand/nand_params.h"

namespace media {

std::vector<std::string> validate(const NandParams& params) {
    util::ParamProblems problems;
    NandParams::visit(params, problems.check_ranges());
    problems.require("nand_page_bytes", params.page_bytes, util::is_power_of_two(params.page_bytes),
                     "must be a power of 2");
    return problems.take();
}

}  // namespace media
