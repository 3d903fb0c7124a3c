// SPDX-License-Identifier: Apache-2.0
#include "models/media/estimates.h"

#include <algorithm>

#include "models/util/divide.h"

namespace media {

using util::divide_up;

namespace {

/// All dies work on a stripe each, or the channels are busy all the time.
util::TimePs nand_time(const NandParams& p, std::uint64_t bytes, std::uint64_t each_ns) {
    const std::uint64_t stripe = std::uint64_t{p.page_bytes} * p.planes;
    const std::uint64_t rounds = divide_up(divide_up(bytes, stripe), dies_of(p));
    const std::uint64_t on_channel_ns =
        util::times(divide_up(bytes, p.channels), p.page_bytes + p.spare_bytes) / p.page_bytes *
        1000 / p.channel_mts;
    return std::max(util::times(rounds, util::from_ns(each_ns)), util::from_ns(on_channel_ns));
}

/// Programs while everything has to be collected: of uniform random writes each costs about
/// 1 + 1 / (2 * over-provisioning) of them, as many reads, and its part of an erase.
util::TimePs collecting_time(const MediaParams& params, std::uint64_t bytes) {
    const NandParams& n = params.nand;
    const std::uint64_t program_ns =
        std::max({n.program_lsb_ns, n.program_csb_ns, n.program_msb_ns, n.program_top_ns});
    const std::uint64_t read_ns =
        std::max({n.read_lsb_ns, n.read_csb_ns, n.read_msb_ns, n.read_top_ns});
    const std::uint64_t amplified = 1 + divide_up(50, params.ftl.over_provisioning);
    const std::uint64_t each_ns = program_ns + read_ns + divide_up(n.erase_ns, n.pages);
    return nand_time(n, util::times(bytes, amplified), each_ns);
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
            return collecting_time(params, bytes);
    }
    return 0;
}

}  // namespace media
