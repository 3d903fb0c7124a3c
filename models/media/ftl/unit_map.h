// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "models/media/store/chunk_index.h"

namespace media {

/// Where the units of a namespace lie: a number for each that has one. Memory is taken in chunks of
/// units that lie side by side, by those that were written.
class UnitMap {
public:
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};

    [[nodiscard]] std::uint64_t find(std::uint64_t unit) const {
        const std::uint64_t slot = index_.find(unit / kUnits);
        return slot == ChunkIndex::kNone ? kNone : chunks_[slot][unit % kUnits];
    }
    /// The number of a unit, kNone at first. Good until the next call.
    [[nodiscard]] std::uint64_t& at(std::uint64_t unit) {
        std::uint64_t slot = index_.find(unit / kUnits);
        if (slot == ChunkIndex::kNone) slot = take(unit / kUnits);
        return chunks_[slot][unit % kUnits];
    }
    /// Forgets units [first, end) and calls out(number) for each that had one. The effort is
    /// bounded by what there is in the range and around it, whatever its length.
    template <typename Out>
    void erase(std::uint64_t first, std::uint64_t end, Out out) {
        const std::uint64_t from = (first + kUnits - 1) / kUnits, to = end / kUnits;
        if (from > to) return erase_part(first, end, out);
        erase_part(first, from * kUnits, out);
        erase_part(to * kUnits, end, out);
        index_.remove(from, to, [&](std::uint64_t slot) {
            for (std::uint64_t& number : chunks_[slot]) forget(number, out);
            free_.push_back(slot);
        });
    }

private:
    static constexpr std::uint64_t kUnits = 32;
    using Chunk = std::array<std::uint64_t, kUnits>;

    std::uint64_t take(std::uint64_t chunk) {
        std::uint64_t slot = chunks_.size();
        if (free_.empty()) {
            chunks_.emplace_back().fill(kNone);
        } else {
            slot = free_.back();
            free_.pop_back();
        }
        index_.insert(chunk, slot);
        return slot;
    }
    template <typename Out>
    static void forget(std::uint64_t& number, Out out) {
        if (number != kNone) out(number);
        number = kNone;
    }
    /// Units of one chunk.
    template <typename Out>
    void erase_part(std::uint64_t first, std::uint64_t end, Out out) {
        if (first == end) return;
        const std::uint64_t slot = index_.find(first / kUnits);
        if (slot == ChunkIndex::kNone) return;
        for (; first != end; ++first) forget(chunks_[slot][first % kUnits], out);
    }

    ChunkIndex index_;
    std::deque<Chunk> chunks_;         // those that are free hold kNone alone
    std::vector<std::uint64_t> free_;  // of chunks_
};

}  // namespace media
