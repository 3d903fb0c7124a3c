// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/block_sizes.h"

#include <algorithm>

namespace platform {

std::uint32_t BlockSizes::draw(RandomStream& random, std::uint64_t room) const {
    if (fixed()) return smallest_;
    // What does not fit is drawn again, so that the end of a region has no size of its own. The
    // smallest always fits, but it may be rare, and never drawn at all if it has no share.
    constexpr int kTries = 64;
    for (int i = 0; i < kTries; ++i)
        if (const std::uint32_t size = draw(random); size <= room) return size;
    return smallest_;
}

std::uint32_t BlockSizes::draw(RandomStream& random) const {
    std::uint64_t size = smallest_;
    if (shares_.empty()) {
        size += random.below(largest_);
    } else {
        std::uint64_t hundredth = random.below(100);
        for (const SizeShare& share : shares_) {
            size = share.bytes;
            if (hundredth < share.percent) break;
            hundredth -= share.percent;
        }
    }
    size -= size % smallest_;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(size, largest_));
}

}  // namespace platform
