// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/slc_region.h"

namespace media {

/// A block whose data have all been written anew needs no folding.
bool SlcRegion::has_room(std::uint32_t die, util::TimePs start) {
    if (point_.is_open(die)) return true;
    const BlockPool& pool = mapping_.pool(layout_.dies + die);
    if (pool.free() == 0 && may_fold(die) && pool.valid(full_[die].blocks.front()) == 0)
        erase_oldest(die, start);
    return pool.free() != 0;
}

void SlcRegion::erase_oldest(std::uint32_t die, util::TimePs start) {
    Full& full = full_[die];
    const std::uint32_t block = full.blocks.front();
    const util::TimePs end = array_.erase(start, die, block);
    ++statistics_.slc_blocks_erased;
    (void)mapping_.pool(layout_.dies + die).give_back(block, false);
    full.blocks.pop_front();
    if (listener_ != nullptr)
        listener_->on_block({BlockNews::Cause::kFolded, die, block, full.moved, end});
    full.page = 0;
    full.moved = 0;
}

}  // namespace media
