// SPDX-License-Identifier: Apache-2.0
#include "models/media/media_params.h"

#include "models/media/no_timing.h"

namespace media {

std::vector<std::string> validate(const MediaParams& params) {
    return validate(params.fixed);
}

std::unique_ptr<MediaTiming> make_timing(const MediaParams& params) {
    switch (params.model) {
        case Model::kNone:
            break;
        case Model::kFixed:
            return std::make_unique<FixedTiming>(params.fixed);
    }
    return std::make_unique<NoTiming>();
}

}  // namespace media
