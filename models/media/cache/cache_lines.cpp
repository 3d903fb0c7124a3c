// SPDX-License-Identifier: Apache-2.0
#include "models/media/cache/cache_lines.h"

#include <algorithm>
#include <new>

namespace media {

CacheLines::CacheLines(std::size_t capacity) : capacity_(std::min<std::size_t>(capacity, kNone)) {
    std::size_t slots = 2;
    while (slots < 2 * capacity_) slots *= 2;
    slot_mask_ = slots - 1;
    if (!lines_.resize(capacity_ * sizeof(Line)) || !bytes_.resize(capacity_ * kLineBytes) ||
        !slots_.resize(slots * sizeof(std::uint32_t)))
        throw std::bad_alloc();
}

std::size_t CacheLines::home_slot(std::uint64_t number) const {
    // Fibonacci hashing: neighbouring lines spread over the table. The upper half of the product
    // is the well-mixed one.
    return static_cast<std::size_t>((number * 0x9e37'79b9'7f4a'7c15u) >> 32) & slot_mask_;
}

CacheLines::Id CacheLines::find(std::uint64_t number) const {
    if (used_ == 0) return kNone;  // and no page of the table is touched
    for (std::size_t at = home_slot(number);; at = (at + 1) & slot_mask_) {
        const std::uint32_t held = slot(at);
        if (held == kEmpty) return kNone;
        if (line(held - 1).number == number) return held - 1;
    }
}

CacheLines::Id CacheLines::insert(std::uint64_t number) {
    const Id id = free_ == kNone ? fresh_++ : free_;
    if (id == free_) free_ = line(id).next;
    line(id) = Line{number, 0, kNone, newest_, 0};
    (newest_ == kNone ? oldest_ : line(newest_).next) = id;
    newest_ = id;
    ++used_;
    std::size_t at = home_slot(number);
    while (slot(at) != kEmpty) at = (at + 1) & slot_mask_;
    slot(at) = id + 1;
    return id;
}

std::size_t CacheLines::slot_of(Id id) const {
    std::size_t at = home_slot(line(id).number);
    while (slot(at) != id + 1) at = (at + 1) & slot_mask_;
    return at;
}

void CacheLines::erase(Id id) {
    // Entries behind the hole move up unless that would put them before their home slot: so there
    // are no tombstones, and a probe never gets longer over time.
    std::size_t hole = slot_of(id);
    for (std::size_t at = (hole + 1) & slot_mask_; slot(at) != kEmpty; at = (at + 1) & slot_mask_) {
        const std::size_t home = home_slot(line(slot(at) - 1).number);
        if (((at - home) & slot_mask_) >= ((at - hole) & slot_mask_)) {
            slot(hole) = slot(at);
            hole = at;
        }
    }
    slot(hole) = kEmpty;

    Line& erased = line(id);
    (erased.previous == kNone ? oldest_ : line(erased.previous).next) = erased.next;
    (erased.next == kNone ? newest_ : line(erased.next).previous) = erased.previous;
    erased = Line{0, 0, free_, kNone, 0};
    free_ = id;
    if (--used_ == 0 && fresh_ > kKept) forget_all();
}

void CacheLines::clear() {
    while (used_ != 0 && fresh_ <= kKept) erase(oldest_);
    if (used_ != 0) forget_all();
}

void CacheLines::forget_all() {
    for (LazyBytes* area : {&lines_, &bytes_, &slots_}) area->give_back(0, area->size());
    oldest_ = newest_ = free_ = kNone;
    fresh_ = 0;
    used_ = 0;
}

}  // namespace media
