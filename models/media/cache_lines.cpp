// SPDX-License-Identifier: Apache-2.0
#include "models/media/cache_lines.h"

#include <algorithm>

namespace media {

CacheLines::CacheLines(std::size_t capacity)
    : lines_(std::min<std::size_t>(capacity, kNone)),
      // Not value-initialised: the host gives memory to lines as they are first used.
      bytes_(new std::byte[lines_.size() * kLineBytes]) {
    std::size_t slots = 2;
    while (slots < 2 * lines_.size()) slots *= 2;
    slots_.resize(slots);
    slot_mask_ = slots - 1;
    clear();
}

std::size_t CacheLines::home_slot(std::uint64_t number) const {
    // Fibonacci hashing: neighbouring lines spread over the table. The upper half of the product
    // is the well-mixed one.
    return static_cast<std::size_t>((number * 0x9e37'79b9'7f4a'7c15u) >> 32) & slot_mask_;
}

CacheLines::Id CacheLines::find(std::uint64_t number) const {
    for (std::size_t slot = home_slot(number);; slot = (slot + 1) & slot_mask_) {
        const Id id = slots_[slot];
        if (id == kNone || lines_[id].number == number) return id;
    }
}

CacheLines::Id CacheLines::insert(std::uint64_t number) {
    const Id id = free_;
    Line& line = lines_[id];
    free_ = line.next;
    line = Line{number, kNone, newest_, 0};
    (newest_ == kNone ? oldest_ : lines_[newest_].next) = id;
    newest_ = id;
    ++used_;
    std::size_t slot = home_slot(number);
    while (slots_[slot] != kNone) slot = (slot + 1) & slot_mask_;
    slots_[slot] = id;
    return id;
}

std::size_t CacheLines::slot_of(Id id) const {
    std::size_t slot = home_slot(lines_[id].number);
    while (slots_[slot] != id) slot = (slot + 1) & slot_mask_;
    return slot;
}

void CacheLines::erase(Id id) {
    // Entries behind the hole move up unless that would put them before their home slot: so there
    // are no tombstones, and a probe never gets longer over time.
    std::size_t hole = slot_of(id);
    for (std::size_t slot = (hole + 1) & slot_mask_; slots_[slot] != kNone;
         slot = (slot + 1) & slot_mask_) {
        const std::size_t home = home_slot(lines_[slots_[slot]].number);
        if (((slot - home) & slot_mask_) >= ((slot - hole) & slot_mask_)) {
            slots_[hole] = slots_[slot];
            hole = slot;
        }
    }
    slots_[hole] = kNone;

    Line& line = lines_[id];
    (line.previous == kNone ? oldest_ : lines_[line.previous].next) = line.next;
    (line.next == kNone ? newest_ : lines_[line.next].previous) = line.previous;
    line = Line{0, free_, kNone, 0};
    free_ = id;
    --used_;
}

void CacheLines::clear() {
    std::fill(slots_.begin(), slots_.end(), kNone);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const bool last = i + 1 == lines_.size();
        lines_[i] = Line{0, last ? kNone : static_cast<Id>(i + 1), kNone, 0};
    }
    free_ = lines_.empty() ? kNone : 0;
    oldest_ = newest_ = kNone;
    used_ = 0;
}

}  // namespace media
