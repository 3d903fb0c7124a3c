// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/util/prefetch.h"

namespace media {

/// Where the chunks of a SparseBytes are: a hash table from the number of a chunk to that of its
/// slot. Takes memory by what it holds, not by how far apart the numbers are.
class ChunkIndex {
public:
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    struct Entry {
        std::uint64_t chunk = kNone;
        std::uint64_t slot = kNone;
    };

    [[nodiscard]] std::size_t size() const { return size_; }
    /// The slot of a chunk, or kNone.
    [[nodiscard]] std::uint64_t find(std::uint64_t chunk) const {
        if (size_ == 0) return kNone;
        for (std::size_t at = home(chunk);; at = (at + 1) & mask_)
            if (table_[at].chunk == chunk || table_[at].chunk == kNone) return table_[at].slot;
    }
    /// find() follows soon: the processor may fetch the entry meanwhile.
    void expect(std::uint64_t chunk) const {
        if (size_ != 0) util::prefetch(&table_[home(chunk)]);
    }
    /// `chunk` is not in it yet.
    void insert(std::uint64_t chunk, std::uint64_t slot);
    /// Takes every chunk of [first, end) out and calls `out(slot)`. The effort is bounded by the
    /// smaller of the range and the table.
    template <typename Out>
    void remove(std::uint64_t first, std::uint64_t end, Out out) {
        if (size_ == 0 || first >= end) return;
        if (end - first <= table_.size()) {
            for (std::uint64_t chunk = first; chunk != end && size_ != 0; ++chunk)
                if (const std::uint64_t slot = take(chunk); slot != kNone) out(slot);
        } else {
            // What moves up into the hole is looked at next. kNone lies behind every end.
            for (const Entry& entry : table_)
                while (first <= entry.chunk && entry.chunk < end) out(take(entry.chunk));
        }
        shrink();
    }

private:
    /// Neighbours lie side by side, four in a cache line. Such groups spread over the table: the
    /// highest bits of multiples of the golden ratio keep their distance, so groups that follow
    /// each other do not meet.
    [[nodiscard]] std::size_t home(std::uint64_t chunk) const {
        const std::uint64_t spread = (chunk >> 2) * 0x9e37'79b9'7f4a'7c15u;
        return static_cast<std::size_t>(spread >> shift_) * 4 + (chunk & 3);
    }
    std::uint64_t take(std::uint64_t chunk);
    void put(const Entry& entry);
    void rebuild(std::size_t entries);
    void shrink();

    std::vector<Entry> table_;  // open addressing with linear probing, a power of two
    std::size_t mask_ = 0;
    unsigned shift_ = 62;  // what is left of 64 bits is the number of a group
    std::size_t size_ = 0;
};

}  // namespace media
