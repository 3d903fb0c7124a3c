// SPDX-License-Identifier: Apache-2.0
#include "models/observe/command_slots.h"

#include <algorithm>

namespace observe {

CommandSlots::Queue& CommandSlots::of(std::uint16_t sqid) {
    if (sqid >= queues_.size()) queues_.resize(sqid + 1u);
    return queues_[sqid];
}

void CommandSlots::set_entries(std::uint16_t sqid, std::uint32_t entries) {
    of(sqid).entries = entries;
}

CommandSlot* CommandSlots::Queue::find_other(std::uint16_t cid) {
    const auto it = others.find(cid);
    return it == others.end() ? nullptr : &it->second;
}

CommandSlot& CommandSlots::take(std::uint16_t sqid, std::uint16_t cid) {
    if (CommandSlot* const known = find(sqid, cid)) return *known;
    Queue& queue = of(sqid);
    if (queue.places.empty()) {
        std::size_t places = 1;
        // Some drivers have spare identifiers, as many again, so that each rests for a while.
        const std::size_t wanted = 2 * std::size_t{queue.entries};
        while (places < std::min(wanted, kMostPlaces)) places *= 2;
        queue.places.resize(places);
        queue.mask = places - 1;
    }
    CommandSlot& place = queue.places[cid & queue.mask];
    CommandSlot& slot = place.cid == CommandSlot::kFree ? place : queue.others[cid];
    slot.cid = cid;
    return slot;
}

void CommandSlots::release(std::uint16_t sqid, CommandSlot& slot) {
    Queue& queue = queues_[sqid];
    const auto cid = static_cast<std::uint16_t>(slot.cid);
    if (&slot == &queue.places[cid & queue.mask])
        slot = CommandSlot{};
    else
        queue.others.erase(cid);
}

std::size_t CommandSlots::places() const {
    std::size_t count = 0;
    for (const Queue& queue : queues_) count += queue.places.size();
    return count;
}

std::size_t CommandSlots::misplaced() const {
    std::size_t count = 0;
    for (const Queue& queue : queues_) count += queue.others.size();
    return count;
}

}  // namespace observe
