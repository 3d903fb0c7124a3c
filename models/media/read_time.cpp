// SPDX-License-Identifier: Apache-2.0
#include "models/media/read_time.h"

namespace media {
namespace {

constexpr std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) {
    return a / b + (a % b != 0 ? 1 : 0);
}

}  // namespace

util::TimePs read_time(const MediaParams& params, std::uint64_t bytes) {
    switch (params.model) {
        case Model::kNone:
            break;
        case Model::kFixed: {
            const std::uint64_t operations = divide_up(bytes, params.fixed.unit_bytes);
            return util::times(divide_up(operations, params.fixed.units),
                               util::from_ns(params.fixed.read_ns));
        }
    }
    return 0;
}

}  // namespace media
