// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace media {

/// The fixed pool of lines behind WriteCache: bytes, an index by line number, and the order in
/// which the lines were taken. Everything is allocated once, by the constructor.
///
/// It stores; it does not know what the bytes mean. Line number n stands for bytes
/// [n * kLineBytes, (n + 1) * kLineBytes) of the store.
class CacheLines {
public:
    using Id = std::uint32_t;
    static constexpr Id kNone = ~Id{0};
    static constexpr std::size_t kSectorBytes = 512;
    static constexpr std::size_t kLineBytes = 4096;
    static constexpr unsigned kSectors = kLineBytes / kSectorBytes;

    explicit CacheLines(std::size_t capacity);

    [[nodiscard]] std::size_t capacity() const { return lines_.size(); }
    [[nodiscard]] std::size_t used() const { return used_; }
    [[nodiscard]] bool full() const { return used_ == lines_.size(); }

    /// kNone when the line is not in the pool.
    [[nodiscard]] Id find(std::uint64_t number) const;
    /// Takes a line, as the newest, with no valid sector. Must not be full nor hold it already.
    Id insert(std::uint64_t number);
    void erase(Id id);
    void clear();

    /// Walks from the line that was taken first to the newest; kNone ends it.
    [[nodiscard]] Id oldest() const { return oldest_; }
    [[nodiscard]] Id next_newer(Id id) const { return lines_[id].next; }

    [[nodiscard]] std::uint64_t number(Id id) const { return lines_[id].number; }
    [[nodiscard]] std::byte* data(Id id) const { return bytes_.get() + id * kLineBytes; }
    /// Bit i: sector i of the line holds data.
    [[nodiscard]] std::uint8_t valid(Id id) const { return lines_[id].valid; }
    void set_valid(Id id, std::uint8_t mask) { lines_[id].valid = mask; }

private:
    struct Line {
        std::uint64_t number = 0;
        Id next = kNone;  // in the free list: the next free line
        Id previous = kNone;
        std::uint8_t valid = 0;
    };

    [[nodiscard]] std::size_t home_slot(std::uint64_t number) const;
    [[nodiscard]] std::size_t slot_of(Id id) const;

    std::vector<Line> lines_;
    std::unique_ptr<std::byte[]> bytes_;
    std::vector<Id> slots_;  // open addressing with linear probing, at most half full
    std::size_t slot_mask_ = 0;
    std::size_t used_ = 0;
    Id oldest_ = kNone;
    Id newest_ = kNone;
    Id free_ = kNone;
};

}  // namespace media
