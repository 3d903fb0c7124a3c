// SPDX-License-Identifier: Apache-2.0
#include "models/media/ftl/write_point.h"

#include <algorithm>

namespace media {

using util::TimePs;

std::optional<WritePoint::Program> WritePoint::put(std::uint32_t die, std::uint64_t owner,
                                                   TimePs ready, std::uint64_t now) {
    Front& front = fronts_[die];
    if (front.block == BlockPool::kNone) front.block = mapping_.pool(first_ + die).open();
    mapping_.assign(owner, Place(first_ + die, front.block, front.page, front.fill));
    front.ready = std::max(front.ready, ready);
    ++front.fill;
    ++front.waiting;
    if (front.fill != layout_.stripe_units) return std::nullopt;
    return program(die, now);
}

std::optional<WritePoint::Program> WritePoint::pad(std::uint32_t die, TimePs start,
                                                   std::uint64_t now) {
    Front& front = fronts_[die];
    if (front.fill == front.programmed) return std::nullopt;
    front.fill = (front.fill - 1) / layout_.page_units * layout_.page_units + layout_.page_units;
    front.ready = std::max(front.ready, start);
    return program(die, now);
}

/// All that is used of the stripe; then the next one, or no block.
WritePoint::Program WritePoint::program(std::uint32_t die, std::uint64_t now) {
    Front& front = fronts_[die];
    const std::uint32_t first = front.programmed / layout_.page_units;
    const std::uint32_t end = front.fill / layout_.page_units;
    const Stripe stripe =
        layout_.stripe({first_ + die, front.block, front.page, 0}, (1u << end) - (1u << first));
    Program done{array_.program(front.ready, stripe), front.waiting, end - first, BlockPool::kNone};
    front.programmed = front.fill;
    front.waiting = 0;
    front.ready = 0;
    if (front.fill != layout_.stripe_units) return done;
    front.fill = front.programmed = 0;
    if (++front.page != layout_.pages_of(first_)) return done;
    mapping_.pool(first_ + die).close(front.block, now);
    done.closed = front.block;
    front.block = BlockPool::kNone;
    front.page = 0;
    return done;
}

}  // namespace media
