// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/collector.h"

#include <algorithm>

#include "models/media/ftl/idle_turns.h"

namespace media {

using util::TimePs;

bool Collector::begin(std::uint32_t die) {
    Collection& c = collections_[die];
    if (c.block != BlockPool::kNone) return true;
    const BlockPool& pool = mapping_.pool(die);
    const std::uint32_t victim = pool.victim(policy_, statistics_.units_written);
    if (victim == BlockPool::kNone) return false;
    begin(die, victim, layout_.block_units - pool.valid(victim), BlockNews::Cause::kCollected);
    c.levelled = false;
    return true;
}

void Collector::begin(std::uint32_t die, std::uint32_t block, std::uint64_t gain,
                      BlockNews::Cause cause) {
    Collection& c = collections_[die];
    c.block = block;
    c.page = 0;
    c.moved = 0;
    c.cost = mapping_.pool(die).valid(block);
    c.gain = gain;
    c.cause = cause;
}

/// Makes no room, so that it comes between collections that do. What is not written any more keeps
/// a block that others would need: it moves while the host writes a block.
bool Collector::begin_levelling(std::uint32_t die) {
    Collection& c = collections_[die];
    if (wear_limit_ == 0 || c.levelled) return false;
    const BlockPool& pool = mapping_.pool(die);
    const std::uint32_t block = pool.least_erased();
    if (block == BlockPool::kNone || pool.most_erases() - pool.erases(block) <= wear_limit_)
        return false;
    begin(die, block, layout_.block_units, BlockNews::Cause::kLevelled);
    c.levelled = true;
    ++statistics_.blocks_levelled;
    return true;
}

void Collector::on_read(std::uint32_t die, TimePs start, std::uint32_t block, bool too_often) {
    Collection& c = collections_[die];
    if (too_often && c.block == BlockPool::kNone && mapping_.pool(die).is_closed(block)) {
        begin(die, block, layout_.block_units, BlockNews::Cause::kRefreshed);
        ++statistics_.blocks_refreshed;
    }
    if (c.block != BlockPool::kNone && c.cause == BlockNews::Cause::kRefreshed)
        move_page(die, start);
}

void Collector::pay(std::uint32_t die, TimePs start, std::uint32_t units) {
    Collection& c = collections_[die];
    const auto is_wanted = [&] {
        return mapping_.pool(die).free() <= free_wanted_ && (begin_levelling(die) || begin(die));
    };
    if (c.block == BlockPool::kNone && !is_wanted()) {
        c.written = 0;
        return;
    }
    c.written += units;
    do {
        const bool due = c.cost == 0 || c.written * c.cost >= (c.moved + 1) * c.gain;
        if (!due) return;
        move_page(die, start);
        if (c.block == BlockPool::kNone) c.written -= std::min(c.written, c.gain);
    } while (c.block != BlockPool::kNone || is_wanted());
}

bool Collector::make_room(std::uint32_t die, TimePs start) {
    while (mapping_.pool(die).free() <= kReserve) {
        if (!begin(die)) return false;
        while (collections_[die].block != BlockPool::kNone) move_page(die, start);
    }
    return true;
}

/// While nobody waits for blocks: where a quarter of the next victim is free at least. So there is
/// an end to it, however long the drive is idle.
bool Collector::is_worth_it(std::uint32_t die) {
    const BlockPool& pool = mapping_.pool(die);
    if (collections_[die].block != BlockPool::kNone) return true;
    if (pool.free() >= free_when_idle_) return false;
    const std::uint32_t victim = pool.victim(policy_, statistics_.units_written);
    if (victim == BlockPool::kNone) return false;
    return layout_.block_units - pool.valid(victim) >= layout_.block_units / 4 && begin(die);
}

void Collector::use_idle(TimePs from, TimePs now) {
    IdleTurns turns(layout_.dies, from);
    while (const auto turn = turns.next(now)) {
        if (!is_worth_it(turn->die)) continue;
        array_.set_now(turn->at);
        move_page(turn->die, turn->at);
        turns.again(turn->die, std::max(turn->at, array_.free_at(turn->die)));
    }
    array_.set_now(now);
}

/// Moves the units of the next stripe that has some, and erases the block when it has no more.
void Collector::move_page(std::uint32_t die, TimePs start) {
    Collection& c = collections_[die];
    const std::uint32_t count =
        victim_.move(die, c.block, c.page, start,
                     [&](std::uint64_t owner, TimePs there) { (void)put(die, owner, there); });
    c.moved += count;
    statistics_.units_moved += count;
    if (mapping_.pool(die).valid(c.block) != 0) return;
    erase(die, start);
    c.block = BlockPool::kNone;
}

/// Returns how many pages have been programmed with it.
std::uint32_t Collector::put(std::uint32_t die, std::uint64_t owner, TimePs there) {
    const auto program = moved_.put(die, owner, there, statistics_.units_written);
    if (!program) return 0;
    statistics_.pages_programmed += program->pages;
    return program->pages;
}

void Collector::take(std::uint32_t die, std::uint64_t owner, TimePs there) {
    if (const std::uint32_t pages = put(die, owner, there); pages != 0)
        pay(die, there, pages * layout_.page_units);
}

void Collector::erase(std::uint32_t die, TimePs start) {
    const Collection& c = collections_[die];
    const TimePs end = array_.erase(start, die, c.block);
    ++statistics_.blocks_erased;
    const BlockNews::Cause cause = give_back(die, c.block, c.cause);
    if (listener_ != nullptr) listener_->on_block({cause, die, c.block, c.moved, end});
}

/// Returns what the news is.
BlockNews::Cause Collector::give_back(std::uint32_t die, std::uint32_t block,
                                      BlockNews::Cause cause) {
    BlockPool& pool = mapping_.pool(die);
    const bool may_lose = pool.fails_next(block) && mapping_.can_lose_block();
    switch (pool.give_back(block, may_lose)) {
        case BlockPool::Erased::kWell:
            break;
        case BlockPool::Erased::kReplaced:
        case BlockPool::Erased::kLost:
            ++statistics_.blocks_failed;
            return BlockNews::Cause::kFailed;
        case BlockPool::Erased::kKept:
            if (may_lose) break;  // next time
            statistics_.worn_out = true;
            return BlockNews::Cause::kWornOut;
    }
    return cause;
}

}  // namespace media
