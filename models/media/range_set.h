// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <iterator>
#include <map>

namespace media {

/// A set of bytes, as ranges that do not touch.
class RangeSet {
public:
    [[nodiscard]] bool empty() const { return ends_.empty(); }

    void insert(std::uint64_t offset, std::uint64_t length) {
        if (length == 0) return;
        std::uint64_t end = offset + length;
        auto next = ends_.lower_bound(offset);
        if (next != ends_.begin() && std::prev(next)->second >= offset) {
            --next;
            offset = next->first;
        }
        while (next != ends_.end() && next->first <= end) {
            if (next->second > end) end = next->second;
            next = ends_.erase(next);
        }
        ends_.emplace(offset, end);
    }

    void erase(std::uint64_t offset, std::uint64_t length) {
        const std::uint64_t end = offset + length;
        for (auto range = first_behind(offset); range != ends_.end() && range->first < end;) {
            const auto [begin, last] = *range;
            range = ends_.erase(range);
            if (begin < offset) ends_.emplace(begin, offset);
            if (last > end) ends_.emplace(end, last);
        }
    }

    [[nodiscard]] bool overlaps(std::uint64_t offset, std::uint64_t length) const {
        const auto range = first_behind(offset);
        return length != 0 && range != ends_.end() && range->first < offset + length;
    }

private:
    using Ends = std::map<std::uint64_t, std::uint64_t>;  // begin to end

    /// The first range that ends behind `offset`.
    template <typename Map>
    static auto find_behind(Map& ends, std::uint64_t offset) {
        auto range = ends.upper_bound(offset);
        if (range != ends.begin() && std::prev(range)->second > offset) --range;
        return range;
    }
    Ends::iterator first_behind(std::uint64_t offset) { return find_behind(ends_, offset); }
    [[nodiscard]] Ends::const_iterator first_behind(std::uint64_t offset) const {
        return find_behind(ends_, offset);
    }

    Ends ends_;
};

}  // namespace media
