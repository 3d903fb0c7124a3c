// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/util/mix64.h"

namespace media {

/// Which part of the mapping is at hand, where it is too large for the controller's memory: pages
/// of 4 KiB, with the places of 1024 units each. Sets of four pages; the one that was not used for
/// the longest time makes room.
class MapCache {
public:
    static constexpr std::uint64_t kUnits = 1024;  ///< whose places are in a page

    /// 0: all of it is at hand.
    explicit MapCache(std::uint64_t bytes)
        : sets_(bytes == 0 ? 0 : std::max<std::uint64_t>(1, bytes / (4096 * kWays))),
          pages_(sets_ * kWays, kNone) {}

    /// False: the page has to be read first. It is at hand from now on.
    bool use(std::uint64_t page) {
        if (sets_ == 0) return true;
        const auto set =
            pages_.begin() + static_cast<std::ptrdiff_t>(util::mix64(page) % sets_ * kWays);
        const auto at = std::find(set, set + kWays, page);
        const bool here = at != set + kWays;
        if (!here) *(set + kWays - 1) = page;
        const auto last = here ? at : set + kWays - 1;
        std::rotate(set, last, last + 1);
        return here;
    }
    void clear() { std::fill(pages_.begin(), pages_.end(), kNone); }

private:
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    static constexpr std::uint64_t kWays = 4;

    const std::uint64_t sets_;
    std::vector<std::uint64_t> pages_;  // of each set, the one used last in front
};

}  // namespace media
