// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "models/media/ftl/evacuation.h"
#include "models/media/ftl/ftl_params.h"
#include "models/media/ftl/layout.h"
#include "models/media/ftl/mapping.h"
#include "models/media/ftl/write_point.h"
#include "models/media/nand/nand_array.h"
#include "models/media/nand/wear.h"
#include "models/media/timing/media_news.h"
#include "models/media/timing/statistics.h"
#include "models/util/time.h"

namespace media {

/// Moves what is valid out of a block, and erases it: to have free blocks, because the block has
/// been read so often that its data suffer, or because it is behind the others in erases. Each die
/// collects by itself, in step with what the host writes to it, so that its blocks are free when
/// they are needed.
class Collector {
public:
    /// All that is passed by reference must outlive it.
    Collector(const FtlParams& params, const Layout& layout, const Wear& wear, Mapping& mapping,
              NandArray& array, MediaStatistics& statistics)
        : policy_(params.gc_policy),
          free_wanted_(params.gc_free_blocks),
          free_when_idle_(params.gc_idle_blocks),
          wear_limit_(params.wear_limit),
          layout_(layout),
          mapping_(mapping),
          array_(array),
          statistics_(statistics),
          victim_(layout, wear, mapping, array, statistics),
          moved_(layout, 0, mapping, array),
          collections_(layout.dies) {}

    /// The host has written so many units to the die: does the part of the work that is due.
    void pay(std::uint32_t die, util::TimePs start, std::uint32_t units);
    /// Collects until the host may take a block of the die. False: all are full of valid units.
    [[nodiscard]] bool make_room(std::uint32_t die, util::TimePs start);
    /// Puts a unit that comes from elsewhere beside what is moved. The die has room.
    void take(std::uint32_t die, std::uint64_t owner, util::TimePs there);
    /// The host has read from the block, `too_often` by now: with this and each read of the die
    /// that follows a stripe is moved, until the block can be erased.
    void on_read(std::uint32_t die, util::TimePs start, std::uint32_t block, bool too_often);

    /// The drive has been idle from `from` until now. Collects as far as it is worth it and there
    /// is time.
    void use_idle(util::TimePs from, util::TimePs now);

    /// Null: nobody.
    void set_listener(BlockListener* listener) { listener_ = listener; }

    /// The unit was moved and is not being programmed yet.
    [[nodiscard]] bool holds(Place place) const { return moved_.holds(place); }

private:
    /// One is for what the collector moves.
    static constexpr std::uint32_t kReserve = 1;

    struct Collection {
        std::uint32_t block = BlockPool::kNone;  // none is going on
        std::uint32_t page = 0;                  // those before it hold nothing valid
        std::uint64_t cost = 0;                  // units to move ...
        std::uint64_t gain = 0;                  // ... while the host writes so many
        std::uint64_t moved = 0;                 // of them
        std::uint64_t written = 0;               // units by the host, which it has to keep up with
        bool levelled = false;                   // the last one made no room
        BlockNews::Cause cause = BlockNews::Cause::kCollected;
    };

    [[nodiscard]] bool begin(std::uint32_t die);
    void begin(std::uint32_t die, std::uint32_t block, std::uint64_t gain, BlockNews::Cause cause);
    [[nodiscard]] bool begin_levelling(std::uint32_t die);
    [[nodiscard]] bool is_worth_it(std::uint32_t die);
    void move_page(std::uint32_t die, util::TimePs start);
    std::uint32_t put(std::uint32_t die, std::uint64_t owner, util::TimePs there);
    void erase(std::uint32_t die, util::TimePs start);
    [[nodiscard]] BlockNews::Cause give_back(std::uint32_t die, std::uint32_t block,
                                             BlockNews::Cause cause);

    const GcPolicy policy_;
    const std::uint32_t free_wanted_, free_when_idle_, wear_limit_;
    const Layout layout_;
    Mapping& mapping_;
    NandArray& array_;
    MediaStatistics& statistics_;
    Evacuation victim_;
    WritePoint moved_;
    std::vector<Collection> collections_;  // of each die
    BlockListener* listener_ = nullptr;
};

}  // namespace media
