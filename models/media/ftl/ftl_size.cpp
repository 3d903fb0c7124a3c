// SPDX-License-Identifier: Apache-2.0
// How much flash there is, and what is in it from the start.
#include <algorithm>

#include "models/media/ftl/ftl.h"
#include "models/util/divide.h"
#include "models/util/mix64.h"

namespace media {

using util::divide_up;

namespace {

/// A unit takes about 20 bytes of memory.
constexpr std::uint64_t kMostPreconditioned = std::uint64_t{1} << 40;

}  // namespace

/// The number of blocks is given: bad ones, spare ones and those with one bit in each cell are
/// among them.
void Ftl::make_blocks() {
    std::uint64_t all = 0;
    for (std::uint32_t die = 0; die != layout_.dies; ++die) {
        const std::uint32_t good = wear_.good_blocks(die, nand_.blocks);
        const std::uint32_t used =
            good - std::min(good, nand_.wear.spare_blocks + layout_.slc_blocks);
        mapping_.pool(die).resize(used);
        all += used;
    }
    most_blocks_ = all / layout_.dies;
}

/// Blocks of a die that units need, with what lies idle at any time.
std::uint64_t Ftl::blocks_for(std::uint64_t units) const {
    const std::uint64_t room = units + units / 100 * params_.over_provisioning +
                               units % 100 * params_.over_provisioning / 100;
    constexpr std::uint64_t kOpen = 2;  // for the host and for the collector
    return divide_up(room, std::uint64_t{layout_.dies} * layout_.block_units) +
           params_.gc_free_blocks + kOpen;
}

/// With what dies have lost and nothing has replaced.
bool Ftl::has_room_for(std::uint64_t units) const {
    const std::uint64_t each = blocks_for(units);
    if (each > most_blocks_) return false;
    std::uint64_t lost = 0;
    for (std::uint32_t die = 0; die != layout_.dies; ++die) lost += mapping_.pool(die).lost();
    const std::uint64_t all = (nand_.blocks != 0 ? most_blocks_ : each) * layout_.dies;
    return all >= mapping_.blocks_needed(units) + lost;
}

std::string Ftl::set_size(std::uint32_t nsid, std::uint64_t bytes) {
    const std::uint64_t units = divide_up(bytes, params_.unit_bytes);
    const std::uint64_t before = mapping_.units(nsid);
    const std::uint64_t others = mapping_.units() - before;
    const std::uint64_t all = others + units;
    if (units >= Mapping::kMostUnits || all >= Mapping::kMostUnits ||
        (units > before && !has_room_for(all)))
        return "the NAND flash has no room for " + std::to_string(bytes) + " bytes more than " +
               std::to_string(others * params_.unit_bytes);
    const bool fills = units > before && params_.precondition != Precondition::kNone;
    if (fills && bytes > kMostPreconditioned)
        return "ftl_precondition is for up to " + std::to_string(kMostPreconditioned) + " bytes";
    mapping_.resize(nsid, units, bytes);
    if (nand_.blocks == 0) mapping_.resize_pools(static_cast<std::uint32_t>(blocks_for(all)));
    if (fills) precondition(nsid, before, units);
    if (listener_ != nullptr) tell_free_blocks();
    return {};
}

/// Units [first, units) of a namespace are new. By the same steps as a host would do it, but for
/// the time.
void Ftl::precondition(std::uint32_t nsid, std::uint64_t first, std::uint64_t units) {
    const MediaStatistics before = statistics_;
    array_.set_timeless(true);
    for (std::uint64_t unit = first; unit != units; ++unit)
        (void)put_direct(0, 0, Mapping::owner(nsid, unit));
    if (params_.precondition == Precondition::kRandom)
        for (std::uint64_t i = 2 * first; i != 2 * units; ++i)
            (void)put_direct(0, 0, Mapping::owner(nsid, util::mix64(i) % units));
    array_.set_timeless(false);
    preconditioned_ += statistics_ - before;
}

}  // namespace media
