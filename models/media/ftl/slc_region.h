// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/media/ftl/evacuation.h"
#include "models/media/ftl/layout.h"
#include "models/media/ftl/mapping.h"
#include "models/media/ftl/write_point.h"
#include "models/media/nand/nand_array.h"
#include "models/media/timing/media_news.h"
#include "models/media/timing/statistics.h"
#include "models/util/time.h"

namespace media {

/// Blocks with one bit in each cell that take what the host writes. What they hold is folded into
/// the other blocks, the oldest block of a die first.
class SlcRegion {
public:
    /// All that is passed by reference must outlive it.
    SlcRegion(const Layout& layout, const Wear& wear, Mapping& mapping, NandArray& array,
              MediaStatistics& statistics)
        : layout_(layout),
          mapping_(mapping),
          array_(array),
          statistics_(statistics),
          point_(layout, layout.dies, mapping, array),
          oldest_(layout, wear, mapping, array, statistics),
          full_(layout.slc_blocks == 0 ? 0 : layout.dies) {}

    /// Null: nobody.
    void set_listener(BlockListener* listener) { listener_ = listener; }

    [[nodiscard]] bool exists() const { return !full_.empty(); }
    /// The die can take a unit.
    [[nodiscard]] bool has_room(std::uint32_t die, util::TimePs start);
    /// It has blocks that are full, and may be folded.
    [[nodiscard]] bool may_fold(std::uint32_t die) const { return !full_[die].blocks.empty(); }

    /// As WritePoint does, of a die that has room.
    std::optional<WritePoint::Program> put(std::uint32_t die, std::uint64_t owner,
                                           util::TimePs ready, std::uint64_t now) {
        return noted(die, point_.put(die, owner, ready, now));
    }
    std::optional<WritePoint::Program> pad(std::uint32_t die, util::TimePs start,
                                           std::uint64_t now) {
        return noted(die, point_.pad(die, start, now));
    }
    [[nodiscard]] std::uint32_t fill(std::uint32_t die) const { return point_.fill(die); }
    [[nodiscard]] bool holds(Place place) const { return point_.holds(place); }

    /// Moves the next stripe of the oldest full block, by put(owner, there) for each unit, and
    /// erases the block when it has no more. There is such a block.
    template <typename Put>
    void fold(std::uint32_t die, util::TimePs start, Put put) {
        Full& full = full_[die];
        const std::uint32_t region = layout_.dies + die, block = full.blocks.front();
        const std::uint32_t count = oldest_.move(region, block, full.page, start, put);
        full.moved += count;
        statistics_.units_folded += count;
        if (mapping_.pool(region).valid(block) == 0) erase_oldest(die, start);
    }

private:
    struct Full {
        std::deque<std::uint32_t> blocks;  // the oldest in front
        std::uint32_t page = 0;            // of that one: those before hold nothing valid
        std::uint64_t moved = 0;           // of that one
    };
    std::optional<WritePoint::Program> noted(std::uint32_t die,
                                             const std::optional<WritePoint::Program>& program) {
        if (program && program->closed != BlockPool::kNone)
            full_[die].blocks.push_back(program->closed);
        return program;
    }
    void erase_oldest(std::uint32_t die, util::TimePs start);

    const Layout layout_;
    Mapping& mapping_;
    NandArray& array_;
    MediaStatistics& statistics_;
    WritePoint point_;
    Evacuation oldest_;
    std::vector<Full> full_;  // of each die
    BlockListener* listener_ = nullptr;
};

}  // namespace media
