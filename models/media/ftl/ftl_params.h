// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/media/ftl/slc_params.h"
#include "models/media/nand/nand_params.h"
#include "models/util/params.h"

namespace media {

/// Where one page after the other goes: the next plane of the die, the next channel, or the next
/// die of the channel (way).
enum class Striping : std::uint8_t {
    kPlaneChannelWay,
    kPlaneWayChannel,
    kChannelWayPlane,
    kWayChannelPlane
};

[[nodiscard]] constexpr bool planes_first(Striping striping) {
    return striping == Striping::kPlaneChannelWay || striping == Striping::kPlaneWayChannel;
}
[[nodiscard]] constexpr bool ways_before_channels(Striping striping) {
    return striping == Striping::kPlaneWayChannel || striping == Striping::kWayChannelPlane;
}

/// Which block is collected next.
enum class GcPolicy : std::uint8_t { kGreedy, kCostBenefit };

/// What a namespace holds that comes, as far as time is concerned: nothing; all of it, written from
/// its beginning to its end; and then at random, until the collector is in its steady state.
enum class Precondition : std::uint8_t { kNone, kSequential, kRandom };

/// The flash translation layer: where data go in the NAND, and what that costs.
struct FtlParams {
    std::uint32_t unit_bytes = 4096;
    std::uint32_t over_provisioning = 7;
    Striping striping = Striping::kPlaneChannelWay;
    std::uint64_t buffer_bytes = 0;
    bool power_loss_protection = false;
    std::uint64_t buffer_ns = 1'000;
    std::uint64_t deallocate_ns = 20'000;
    std::uint64_t map_cache_bytes = 0;
    GcPolicy gc_policy = GcPolicy::kGreedy;
    std::uint32_t gc_free_blocks = 4;
    std::uint32_t gc_idle_blocks = 0;
    std::uint64_t gc_idle_ns = 10'000'000;
    std::uint32_t wear_limit = 0;
    SlcParams slc;
    Precondition precondition = Precondition::kNone;

    /// Calls v(ParamInfo, field) for each that a user may set.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        using util::kMostNs;
        v(I{"ftl_unit_bytes", "bytes",
            "nand: unit of the mapping, a power of 2, at most a page; a write of less reads the "
            "rest",
            512, 65536},
          p.unit_bytes);
        v(I{"ftl_over_provisioning", "%", "nand: room beyond the namespaces' bytes", 1, 1000},
          p.over_provisioning);
        v(I{"ftl_striping", "", "nand: what changes first, second and last from page to page"},
          p.striping);
        v(I{"ftl_buffer_bytes", "bytes",
            "nand: what waits for its program, at most; 0: two stripes of each die", 0, 1ull << 32},
          p.buffer_bytes);
        v(I{"ftl_power_loss_protection", "",
            "nand: the buffer outlives a loss of power: what is in it is durable"},
          p.power_loss_protection);
        v(I{"ftl_buffer_ns", "ns", "nand: 4 KiB into the buffer or the write cache, or from there",
            0, kMostNs},
          p.buffer_ns);
        v(I{"ftl_deallocate_ns", "ns", "nand: deallocation of a range, of any length", 0, kMostNs},
          p.deallocate_ns);
        v(I{"ftl_map_cache_bytes", "bytes",
            "nand: of the mapping, 4 bytes for a unit, so much is at hand; the rest is read from "
            "the "
            "flash when it is needed; 0: all of it is at hand",
            0, 1ull << 36},
          p.map_cache_bytes);
        v(I{"ftl_gc_policy", "", "nand: the block that is collected next"}, p.gc_policy);
        v(I{"ftl_gc_free_blocks", "blocks",
            "nand: a die with so few free blocks collects, in step with what is written to it", 2,
            1000},
          p.gc_free_blocks);
        v(I{"ftl_gc_idle_blocks", "blocks",
            "nand: while the drive is idle, dies collect until so many blocks of each are free; 0: "
            "they do not",
            0, 1u << 20},
          p.gc_idle_blocks);
        v(I{"ftl_gc_idle_ns", "ns", "nand: without work for so long the drive is idle", 0, kMostNs},
          p.gc_idle_ns);
        v(I{"ftl_wear_limit", "erases",
            "nand: by which a block that is not written any more may be behind the block of its "
            "die that was erased most; then its data are moved (static wear levelling); 0: they "
            "are not",
            0, 1'000'000},
          p.wear_limit);
        SlcParams::visit(p.slc, v);
        v(I{"ftl_precondition", "",
            "nand: what has been written to a namespace when it comes, up to 1 TiB: nothing, all "
            "in "
            "order, all and then twice as much at random"},
          p.precondition);
    }
};

/// What is wrong with the parameters, one line each; empty when they can be used. `nand` is valid.
[[nodiscard]] std::vector<std::string> validate(const FtlParams& params, const NandParams& nand);

}  // namespace media

template <>
struct util::EnumNames<media::Striping> {
    static constexpr std::array<std::string_view, 4> names{
        "plane_channel_way", "plane_way_channel", "channel_way_plane", "way_channel_plane"};
};
template <>
struct util::EnumNames<media::Precondition> {
    static constexpr std::array<std::string_view, 3> names{"none", "sequential", "random"};
};
template <>
struct util::EnumNames<media::GcPolicy> {
    static constexpr std::array<std::string_view, 2> names{"greedy", "cost_benefit"};
};
