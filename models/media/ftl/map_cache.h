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
/// the longest time makes room, and has to be written back if it was changed.
class MapCache {
public:
    static constexpr std::uint64_t kUnits = 1024;  ///< whose places are in a page
    static constexpr std::uint64_t kPageBytes = 4096;

    /// 0: all of it is at hand.
    explicit MapCache(std::uint64_t bytes)
        : sets_(bytes == 0 ? 0 : std::max<std::uint64_t>(1, bytes / (kPageBytes * kWays))),
          pages_(sets_ * kWays) {}

    struct Use {
        bool at_hand;       ///< false: the page has to be read first; from now on it is at hand
        bool writes_other;  ///< another page made room for it, and has to be written back
    };
    Use use(std::uint64_t page, bool change) {
        if (sets_ == 0) return {true, false};
        const auto set =
            pages_.begin() + static_cast<std::ptrdiff_t>(util::mix64(page) % sets_ * kWays);
        const auto at =
            std::find_if(set, set + kWays, [&](const Page& p) { return p.number == page; });
        const bool at_hand = at != set + kWays;
        const auto last = at_hand ? at : set + kWays - 1;
        const bool writes_other = !at_hand && last->changed;
        if (!at_hand) *last = {page, false};
        last->changed |= change;
        std::rotate(set, last, last + 1);
        return {at_hand, writes_other};
    }
    /// What was changed is written back with the last of the power.
    void clear() { std::fill(pages_.begin(), pages_.end(), Page{}); }

private:
    struct Page {
        std::uint64_t number = ~std::uint64_t{0};
        bool changed = false;
    };
    static constexpr std::ptrdiff_t kWays = 4;

    const std::uint64_t sets_;
    std::vector<Page> pages_;  // of each set, the one used last in front
};

}  // namespace media
