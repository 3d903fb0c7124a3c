// SPDX-License-Identifier: Apache-2.0
#include "models/media/estimates.h"

#include <algorithm>

namespace media {
namespace {

constexpr std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) {
    return a / b + (a % b != 0 ? 1 : 0);
}

/// All dies work on a stripe each, or the channels are busy all the time.
util::TimePs nand_time(const NandParams& p, std::uint64_t bytes, std::uint64_t each_ns) {
    const std::uint64_t stripe = std::uint64_t{p.page_bytes} * p.planes;
    const std::uint64_t rounds = divide_up(divide_up(bytes, stripe), dies_of(p));
    const std::uint64_t on_channel_ns = divide_up(bytes, p.channels) / p.page_bytes *
                                        (p.page_bytes + p.spare_bytes) * 1000 / p.channel_mts;
    return std::max(util::times(rounds, util::from_ns(each_ns)), util::from_ns(on_channel_ns));
}

}  // namespace

util::TimePs read_time(const MediaParams& params, std::uint64_t bytes) {
    switch (params.model) {
        case Model::kNone:
            break;
        case Model::kFixed:
            return util::times(
                divide_up(divide_up(bytes, params.fixed.unit_bytes), params.fixed.units),
                util::from_ns(params.fixed.read_ns));
        case Model::kNand:
            return nand_time(params.nand, bytes, params.nand.read_lsb_ns);
    }
    return 0;
}

util::TimePs flush_time(const MediaParams& params, std::uint64_t bytes) {
    switch (params.model) {
        case Model::kNone:
            break;
        case Model::kFixed:
            // What has left the cache just before comes first.
            return util::later(util::times(bytes / params.fixed.unit_bytes / params.fixed.units + 1,
                                           util::from_ns(params.fixed.program_ns)),
                               util::from_ns(params.fixed.flush_ns));
        case Model::kNand:
            return nand_time(params.nand, bytes, params.nand.program_lsb_ns);
    }
    return 0;
}

}  // namespace media
