// SPDX-License-Identifier: Apache-2.0
#include "models/media/media_params.h"

#include "models/media/ftl/ftl.h"
#include "models/media/timing/no_timing.h"

namespace media {

std::vector<std::string> validate(const MediaParams& params) {
    util::ParamProblems problems;
    problems.include(validate(params.fixed));
    problems.include(validate(params.nand));
    problems.include(validate(params.ftl, params.nand));
    return problems.take();
}

std::unique_ptr<MediaTiming> make_timing(const MediaParams& params) {
    switch (params.model) {
        case Model::kNone:
            break;
        case Model::kFixed:
            return std::make_unique<FixedTiming>(params.fixed);
        case Model::kNand:
            return std::make_unique<Ftl>(params.ftl, params.nand);
    }
    return std::make_unique<NoTiming>();
}

}  // namespace media
