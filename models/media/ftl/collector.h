// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "models/media/ftl/ftl_params.h"
#include "models/media/ftl/layout.h"
#include "models/media/ftl/mapping.h"
#include "models/media/ftl/write_point.h"
#include "models/media/nand/nand_array.h"
#include "models/media/timing/statistics.h"
#include "models/util/time.h"

namespace media {

/// Makes free blocks: moves what is valid out of one, and erases it. Each die collects by itself,
/// in step with what the host writes to it, so that its blocks are free when they are needed.
class Collector {
public:
    /// All that is passed by reference must outlive it.
    Collector(const FtlParams& params, const Layout& layout, const Wear& wear, Mapping& mapping,
              NandArray& array, MediaStatistics& statistics)
        : policy_(params.gc_policy),
          free_wanted_(params.gc_free_blocks),
          free_when_idle_(params.gc_idle_blocks),
          unit_bytes_(params.unit_bytes),
          layout_(layout),
          wear_(wear),
          mapping_(mapping),
          array_(array),
          statistics_(statistics),
          moved_(layout, mapping, array),
          collections_(layout.dies) {}

    /// The host has written so many units to the die: does the part of the work that is due.
    void pay(std::uint32_t die, util::TimePs start, std::uint32_t units);
    /// Collects until the host may take a block of the die. False: all are full of valid units.
    [[nodiscard]] bool make_room(std::uint32_t die, util::TimePs start);

    /// The drive has been idle from `from` until now. Collects as far as it is worth it and there
    /// is time.
    void use_idle(util::TimePs from, util::TimePs now);

    /// The unit was moved and is not being programmed yet.
    [[nodiscard]] bool holds(Place place) const { return moved_.holds(place); }

private:
    /// One is for what the collector moves.
    static constexpr std::uint32_t kReserve = 1;

    struct Collection {
        std::uint32_t block = BlockPool::kNone;  // none is going on
        std::uint32_t page = 0;                  // those before it hold nothing valid
        std::uint64_t cost = 0;                  // units to move ...
        std::uint64_t gain = 0;                  // ... for so many free ones
        std::uint64_t moved = 0;                 // of them
        std::uint64_t written = 0;               // units by the host, which it has to keep up with
    };

    [[nodiscard]] bool begin(std::uint32_t die);
    [[nodiscard]] bool is_worth_it(std::uint32_t die);
    void move_page(std::uint32_t die, util::TimePs start);
    void erase(std::uint32_t die, util::TimePs start, std::uint32_t block);

    const GcPolicy policy_;
    const std::uint32_t free_wanted_, free_when_idle_;
    const std::uint32_t unit_bytes_;
    const Layout layout_;
    const Wear& wear_;
    Mapping& mapping_;
    NandArray& array_;
    MediaStatistics& statistics_;
    WritePoint moved_;
    std::vector<Collection> collections_;  // of each die
};

}  // namespace media
