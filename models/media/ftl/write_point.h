// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "models/media/ftl/layout.h"
#include "models/media/ftl/mapping.h"
#include "models/media/nand/nand_array.h"
#include "models/util/time.h"

namespace media {

/// Where units go next, in each die: they fill a stripe in an open block, which is programmed when
/// it is full. There is one for what the host writes and one for what the collector moves, and one
/// for the blocks with one bit in each cell.
class WritePoint {
public:
    struct Program {
        util::TimePs end;
        std::uint32_t units;  ///< that were put
        std::uint32_t pages;
        std::uint32_t closed;  ///< the block that is full now, or kNone
    };

    /// `first`: the region of die 0; those of the others follow.
    WritePoint(const Layout& layout, std::uint32_t first, Mapping& mapping, NandArray& array)
        : layout_(layout), first_(first), mapping_(mapping), array_(array), fronts_(layout.dies) {}

    /// The die has an open block here. Without one it needs a free block for the next unit.
    [[nodiscard]] bool is_open(std::uint32_t die) const {
        return fronts_[die].block != BlockPool::kNone;
    }
    /// Units that the stripe has, padding included.
    [[nodiscard]] std::uint32_t fill(std::uint32_t die) const { return fronts_[die].fill; }

    /// Puts a unit that is there at `ready`. Returns the program that it completes.
    std::optional<Program> put(std::uint32_t die, std::uint64_t owner, util::TimePs ready,
                               std::uint64_t now);
    /// Programs what is waiting, with the rest of its page empty.
    std::optional<Program> pad(std::uint32_t die, util::TimePs start, std::uint64_t now);

    /// The unit was put here and is not being programmed yet.
    [[nodiscard]] bool holds(Place place) const {
        const std::uint32_t die = place.region() - first_;
        if (die >= fronts_.size()) return false;
        const Front& front = fronts_[die];
        return front.block == place.block() && front.page == place.page() &&
               front.programmed <= place.unit();
    }

private:
    struct Front {
        std::uint32_t block = BlockPool::kNone;
        std::uint32_t page = 0;
        std::uint32_t fill = 0;        // units of the stripe that are used
        std::uint32_t programmed = 0;  // of them, whole pages
        std::uint32_t waiting = 0;     // units that were put since
        util::TimePs ready = 0;        // the last of them is there
    };

    Program program(std::uint32_t die, std::uint64_t now);

    const Layout layout_;
    const std::uint32_t first_;
    Mapping& mapping_;
    NandArray& array_;
    std::vector<Front> fronts_;  // of each die
};

}  // namespace media
