// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "models/media/ftl/block_pool.h"
#include "models/media/ftl/layout.h"
#include "models/media/ftl/unit_map.h"

namespace media {

/// Which unit of which namespace lies where, in both directions.
class Mapping {
public:
    static constexpr std::uint64_t kNone = UnitMap::kNone;
    static constexpr std::uint64_t kMostUnits = std::uint64_t{1} << 44;  ///< of a namespace

    /// A unit of a namespace, in one number.
    static std::uint64_t owner(std::uint32_t nsid, std::uint64_t unit) {
        return std::uint64_t{nsid} << 44 | unit;
    }

    /// `wear`: of the blocks that have not one bit in each cell; it must outlive this.
    Mapping(const Layout& layout, const Wear& wear);
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    [[nodiscard]] BlockPool& pool(std::uint32_t region) { return pools_[region]; }
    [[nodiscard]] const BlockPool& pool(std::uint32_t region) const { return pools_[region]; }
    /// Good blocks of each die, beside those with one bit in each cell.
    void resize_pools(std::uint32_t blocks);
    /// So many blocks of all dies have room for the units, and then there is something to collect.
    [[nodiscard]] std::uint64_t blocks_needed(std::uint64_t units) const;
    [[nodiscard]] bool can_lose_block() const;
    /// Of all dies.
    struct FreeBlocks {
        std::uint64_t blocks, slc;
    };
    [[nodiscard]] FreeBlocks free_blocks() const;

    /// A namespace has so many units now, the last of which it may have in part. What lies beyond
    /// is gone.
    void resize(std::uint32_t nsid, std::uint64_t units, std::uint64_t bytes);
    [[nodiscard]] std::uint64_t bytes(std::uint32_t nsid) const {
        return nsid < spaces_.size() && spaces_[nsid] ? spaces_[nsid]->bytes : 0;
    }
    [[nodiscard]] std::uint64_t units(std::uint32_t nsid) const {
        return nsid < spaces_.size() && spaces_[nsid] ? spaces_[nsid]->units : 0;
    }
    /// Of all namespaces.
    [[nodiscard]] std::uint64_t units() const { return all_units_; }

    /// The raw Place of a unit, or kNone. There is a namespace with that unit.
    [[nodiscard]] std::uint64_t find(std::uint32_t nsid, std::uint64_t unit) const {
        return spaces_[nsid]->map.find(unit);
    }
    /// The unit lies there now, and no longer where it lay before.
    void assign(std::uint64_t owner, Place place);
    /// Units [first, end) of a namespace lie nowhere.
    void forget(std::uint32_t nsid, std::uint64_t first, std::uint64_t end);

    /// Within its block.
    [[nodiscard]] std::uint32_t index(Place place) const {
        return place.page() * layout_.stripe_units + place.unit();
    }

private:
    struct Space {
        std::uint64_t units = 0, bytes = 0;
        UnitMap map;
    };

    const Layout layout_;
    const Wear slc_wear_{WearParams{}};           // none
    std::vector<BlockPool> pools_;                // of each region
    std::vector<std::unique_ptr<Space>> spaces_;  // by NSID
    std::uint64_t all_units_ = 0;
};

}  // namespace media
