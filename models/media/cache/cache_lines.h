// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/media/store/lazy_bytes.h"

namespace media {

/// The pool of lines behind WriteCache: bytes, an index by line number, and the order in which the
/// lines were taken. The constructor takes addresses for all of them, so that nothing is allocated
/// later. They take memory as they are used, and give it back when the last is erased: an empty
/// pool keeps no more than kKept lines.
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
    static constexpr std::uint32_t kKept = 64;

    explicit CacheLines(std::size_t capacity);

    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    [[nodiscard]] std::size_t used() const { return used_; }
    [[nodiscard]] bool full() const { return used_ == capacity_; }
    /// Lines that have taken memory.
    [[nodiscard]] std::size_t touched() const { return fresh_; }

    /// kNone when the line is not in the pool.
    [[nodiscard]] Id find(std::uint64_t number) const;
    /// Takes a line, as the newest, with no valid sector. Must not be full nor hold it already.
    Id insert(std::uint64_t number);
    void erase(Id id);
    void clear();

    /// Walks from the line that was taken first to the newest; kNone ends it.
    [[nodiscard]] Id oldest() const { return oldest_; }
    [[nodiscard]] Id next_newer(Id id) const { return line(id).next; }

    [[nodiscard]] std::uint64_t number(Id id) const { return line(id).number; }
    [[nodiscard]] std::byte* data(Id id) const { return bytes_.data() + id * kLineBytes; }
    /// Bit i: sector i of the line holds data.
    [[nodiscard]] std::uint8_t valid(Id id) const { return line(id).valid; }
    void set_valid(Id id, std::uint8_t mask) { line(id).valid = mask; }
    /// A number of the user's; 0 when the line is taken.
    [[nodiscard]] std::uint64_t note(Id id) const { return line(id).note; }
    void set_note(Id id, std::uint64_t note) { line(id).note = note; }

private:
    struct Line {
        std::uint64_t number;
        std::uint64_t note;
        Id next;  // in the free list: the next free line
        Id previous;
        std::uint8_t valid;
    };
    static constexpr std::uint32_t kEmpty = 0;  // in a slot; else an Id + 1

    [[nodiscard]] Line& line(Id id) const { return reinterpret_cast<Line*>(lines_.data())[id]; }
    [[nodiscard]] std::uint32_t& slot(std::size_t at) const {
        return reinterpret_cast<std::uint32_t*>(slots_.data())[at];
    }
    [[nodiscard]] std::size_t home_slot(std::uint64_t number) const;
    [[nodiscard]] std::size_t slot_of(Id id) const;
    void forget_all();

    const std::size_t capacity_;
    LazyBytes lines_, bytes_;
    LazyBytes slots_;  // open addressing with linear probing, at most half full
    std::size_t slot_mask_ = 0;
    std::size_t used_ = 0;
    Id fresh_ = 0;  // from here on no line was used
    Id oldest_ = kNone;
    Id newest_ = kNone;
    Id free_ = kNone;
};

}  // namespace media
