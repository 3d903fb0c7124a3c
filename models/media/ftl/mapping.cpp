// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/mapping.h"

#include "models/util/divide.h"

namespace media {

Mapping::Mapping(const Layout& layout, const Wear& wear) : layout_(layout) {
    for (std::uint32_t die = 0; die != layout.dies; ++die)
        pools_.emplace_back(wear, die, layout.block_units);
    if (layout.slc_blocks == 0) return;
    for (std::uint32_t die = 0; die != layout.dies; ++die)
        pools_.emplace_back(slc_wear_, die, layout.slc_pages * layout.stripe_units)
            .resize(layout.slc_blocks);
}

/// Of each die two are open, one is free for what is moved, and one is not full of valid units.
std::uint64_t Mapping::blocks_needed(std::uint64_t units) const {
    constexpr std::uint64_t kIdle = 4;
    return util::divide_up(units, layout_.block_units) + kIdle * layout_.dies;
}

bool Mapping::can_lose_block() const {
    std::uint64_t blocks = 0;
    for (std::uint32_t die = 0; die != layout_.dies; ++die) blocks += pools_[die].present();
    return blocks > blocks_needed(all_units_);
}

Mapping::FreeBlocks Mapping::free_blocks() const {
    FreeBlocks free{};
    for (std::size_t region = 0; region != pools_.size(); ++region)
        (region < layout_.dies ? free.blocks : free.slc) += pools_[region].free();
    return free;
}

void Mapping::resize_pools(std::uint32_t blocks) {
    for (std::uint32_t die = 0; die != layout_.dies; ++die) pools_[die].resize(blocks);
}

void Mapping::resize(std::uint32_t nsid, std::uint64_t units, std::uint64_t bytes) {
    if (nsid >= spaces_.size()) spaces_.resize(nsid + 1);
    if (!spaces_[nsid]) spaces_[nsid] = std::make_unique<Space>();
    Space& space = *spaces_[nsid];
    if (units < space.units) forget(nsid, units, space.units);
    all_units_ = all_units_ - space.units + units;
    space.units = units;
    space.bytes = bytes;
    if (units == 0) spaces_[nsid].reset();
}

void Mapping::assign(std::uint64_t owner, Place place) {
    std::uint64_t& at = spaces_[owner >> 44]->map.at(owner & (kMostUnits - 1));
    if (at != kNone) {
        const Place before{at};
        pools_[before.region()].invalidate(before.block(), index(before));
    }
    at = place.raw();
    pools_[place.region()].set(place.block(), index(place), owner);
}

void Mapping::forget(std::uint32_t nsid, std::uint64_t first, std::uint64_t end) {
    spaces_[nsid]->map.erase(first, end, [this](std::uint64_t raw) {
        const Place place{raw};
        pools_[place.region()].invalidate(place.block(), index(place));
    });
}

}  // namespace media
