// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/media/ftl/layout.h"
#include "models/media/ftl/map_cache.h"
#include "models/media/nand/nand_array.h"
#include "models/media/timing/statistics.h"
#include "models/util/mix64.h"
#include "models/util/time.h"

namespace media {

/// The mapping in the flash, as far as it takes time, where the controller's memory holds a part of
/// it (MapCache). It has blocks of its own, anywhere; where its pages lie there, and that such
/// blocks are collected, is not in the model.
class MapFlash {
public:
    /// All that is passed by reference must outlive it.
    MapFlash(std::uint64_t cache_bytes, const Layout& layout, NandArray& array,
             MediaStatistics& statistics)
        : cache_(cache_bytes), layout_(layout), array_(array), statistics_(statistics) {}

    /// When the part of the mapping is at hand that knows the unit. `change`: the unit moves.
    util::TimePs look_up(util::TimePs start, std::uint64_t owner, bool change) {
        const std::uint64_t page = owner / MapCache::kUnits;
        const MapCache::Use use = cache_.use(page, change);
        if (use.writes_other) write(start);
        if (use.at_hand) return start;
        ++statistics_.map_reads;
        return array_.read(start, page_at(util::mix64(page)), MapCache::kPageBytes);
    }
    void clear() { cache_.clear(); }

private:
    static constexpr std::uint32_t kBlock = 0xfffff;  // none that has data

    [[nodiscard]] Stripe page_at(std::uint64_t number) const {
        return {static_cast<std::uint32_t>(number % layout_.dies), kBlock,
                static_cast<std::uint32_t>(number >> 32), 1};
    }
    /// A page of the flash is programmed when it is full, with nobody waiting; after as many as a
    /// block has, one is erased.
    void write(util::TimePs start) {
        const std::uint32_t page_bytes = layout_.page_units * layout_.unit_bytes;
        if (++statistics_.map_writes * MapCache::kPageBytes % page_bytes != 0) return;
        const Stripe page = page_at(util::mix64(++programs_));
        array_.program(start, page);
        ++statistics_.pages_programmed;
        if (programs_ % (layout_.block_units / layout_.page_units) != 0) return;
        array_.erase(start, page.die, kBlock);
        ++statistics_.blocks_erased;
    }

    MapCache cache_;
    const Layout layout_;
    NandArray& array_;
    MediaStatistics& statistics_;
    std::uint64_t programs_ = 0;
};

}  // namespace media
