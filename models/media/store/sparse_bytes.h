// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/media/store/chunk_index.h"
#include "models/media/store/lazy_bytes.h"

namespace media {

/// Zeroed bytes in host memory, of which only chunks that were touched take any. Chunks lie side by
/// side in the order in which they were first touched, so that it costs nothing how far apart they
/// are: neither pages that are used in part, nor page tables.
class SparseBytes {
public:
    /// `chunk_bytes`: a power of two. Memory of chunks that are pages is given back as they are
    /// cleared, that of smaller ones with the last.
    explicit SparseBytes(std::size_t chunk_bytes) : chunk_(chunk_bytes) {}
    SparseBytes(const SparseBytes&) = delete;
    SparseBytes& operator=(const SparseBytes&) = delete;

    [[nodiscard]] std::uint64_t size() const { return size_; }
    void expect(std::uint64_t offset) const { index_.expect(offset / chunk_); }
    /// Chunks that take memory.
    [[nodiscard]] std::size_t chunks() const { return index_.size(); }

    // Ranges lie inside.
    /// Calls visit(bytes, count) for the range in order, a part of a chunk at a time, until it
    /// returns false. Null: zeros that take no memory.
    template <typename Visit>
    void look(std::uint64_t offset, std::uint64_t length, Visit visit) const {
        for (Part part = first_of(offset, length); part.count != 0; part = next_of(part)) {
            const std::uint64_t slot = index_.find(part.chunk);
            const std::byte* const bytes = slot == ChunkIndex::kNone ? nullptr : of(slot) + part.at;
            if (!visit(bytes, part.count)) return;
        }
    }
    /// Calls visit(bytes, count) likewise, with memory for all. False: there was not enough, and
    /// the rest was not visited.
    template <typename Visit>
    [[nodiscard]] bool touch(std::uint64_t offset, std::uint64_t length, Visit visit) {
        for (Part part = first_of(offset, length); part.count != 0; part = next_of(part)) {
            std::uint64_t slot = index_.find(part.chunk);
            if (slot == ChunkIndex::kNone) slot = take(part.chunk);
            if (slot == ChunkIndex::kNone) return false;
            visit(of(slot) + part.at, part.count);
        }
        return true;
    }
    /// The byte, if it takes memory.
    [[nodiscard]] std::byte* find(std::uint64_t offset) {
        const std::uint64_t slot = index_.find(offset / chunk_);
        return slot == ChunkIndex::kNone ? nullptr : of(slot) + offset % chunk_;
    }
    /// Zeroes a range; chunks that lie in it as a whole take no memory any more.
    void clear(std::uint64_t offset, std::uint64_t length);
    /// Grows (with zeros) or shrinks. False when the address space has no room: nothing changed.
    [[nodiscard]] bool resize(std::uint64_t new_size);

private:
    /// Of a range, what lies in one chunk.
    struct Part {
        std::uint64_t chunk;
        std::size_t at, count;
        std::uint64_t rest;  // of the range behind it
    };
    [[nodiscard]] Part first_of(std::uint64_t offset, std::uint64_t length) const {
        const std::size_t at = offset % chunk_;
        const std::size_t count = std::min<std::uint64_t>(length, chunk_ - at);
        return {offset / chunk_, at, count, length - count};
    }
    [[nodiscard]] Part next_of(const Part& part) const {
        const std::size_t count = std::min<std::uint64_t>(part.rest, chunk_);
        return {part.chunk + 1, 0, count, part.rest - count};
    }
    [[nodiscard]] std::byte* of(std::uint64_t slot) const { return area_.data() + slot * chunk_; }
    [[nodiscard]] std::uint64_t take(std::uint64_t chunk);
    void remove(std::uint64_t first, std::uint64_t end);
    void give_back_free(std::size_t from);
    void forget_slots();
    void clear_part(std::uint64_t offset, std::uint64_t length);

    const std::size_t chunk_;
    std::uint64_t size_ = 0;
    ChunkIndex index_;
    LazyBytes area_;                   // slots, of which all that hold no chunk are zero
    std::uint64_t next_ = 0;           // no slot from here on was used
    std::vector<std::uint64_t> free_;  // slots before it; there is room for all
    bool huge_ = false;
};

}  // namespace media
