// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/collector.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace media {

using util::TimePs;

bool Collector::begin(std::uint32_t die) {
    Collection& c = collections_[die];
    if (c.block != BlockPool::kNone) return true;
    const BlockPool& pool = mapping_.pool(die);
    c.block = pool.victim(policy_, statistics_.units_written);
    if (c.block == BlockPool::kNone) return false;
    c.page = 0;
    c.moved = 0;
    c.cost = pool.valid(c.block);
    c.gain = layout_.block_units - c.cost;
    return true;
}

void Collector::pay(std::uint32_t die, TimePs start, std::uint32_t units) {
    Collection& c = collections_[die];
    const auto is_wanted = [&] { return mapping_.pool(die).free() <= free_wanted_ && begin(die); };
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
    struct Turn {
        TimePs at;
        std::uint32_t die;
        bool operator>(const Turn& other) const { return at > other.at; }
    };
    // In the order of time, so that channels need not remember what is over.
    std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns;
    for (std::uint32_t die = 0; die != layout_.dies; ++die) turns.push({from, die});
    while (!turns.empty() && turns.top().at < now) {
        const Turn turn = turns.top();
        turns.pop();
        if (!is_worth_it(turn.die)) continue;
        array_.set_now(turn.at);
        move_page(turn.die, turn.at);
        turns.push({std::max(turn.at, array_.free_at(turn.die)), turn.die});
    }
    array_.set_now(now);
}

/// Moves the units of the next stripe that has some, and erases the block when it has no more.
void Collector::move_page(std::uint32_t die, TimePs start) {
    Collection& c = collections_[die];
    BlockPool& pool = mapping_.pool(die);
    for (bool moved = false; !moved && pool.valid(c.block) != 0; ++c.page) {
        const std::uint32_t first = c.page * layout_.stripe_units;
        std::uint32_t planes = 0, count = 0;
        for (std::uint32_t i = 0; i != layout_.stripe_units; ++i) {
            if (pool.owner(c.block, first + i) == BlockPool::kNobody) continue;
            planes |= 1u << i / layout_.page_units;
            ++count;
        }
        if (count == 0) continue;
        const Stripe stripe{die, c.block, c.page, planes};
        const std::uint32_t retries = wear_.retries(stripe, pool.erases(c.block));
        statistics_.retries += retries;
        const TimePs there =
            array_.read_later(start, stripe, std::uint64_t{count} * unit_bytes_, retries);
        for (std::uint32_t i = 0; i != layout_.stripe_units; ++i) {
            const std::uint64_t owner = pool.owner(c.block, first + i);
            if (owner == BlockPool::kNobody) continue;
            const auto program = moved_.put(die, owner, there, statistics_.units_written);
            if (program) statistics_.pages_programmed += program->pages;
        }
        c.moved += count;
        statistics_.units_moved += count;
        moved = true;
    }
    if (pool.valid(c.block) != 0) return;
    erase(die, start, c.block);
    c.block = BlockPool::kNone;
}

void Collector::erase(std::uint32_t die, TimePs start, std::uint32_t block) {
    array_.erase(start, die, block);
    ++statistics_.blocks_erased;
    BlockPool& pool = mapping_.pool(die);
    const bool may_lose = pool.fails_next(block) && mapping_.can_lose_block();
    switch (pool.give_back(block, may_lose)) {
        case BlockPool::Erased::kWell:
            return;
        case BlockPool::Erased::kReplaced:
        case BlockPool::Erased::kLost:
            ++statistics_.blocks_failed;
            return;
        case BlockPool::Erased::kKept:
            statistics_.worn_out |= !may_lose;
            return;
    }
}

}  // namespace media
