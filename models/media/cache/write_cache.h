// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/media/cache/cache_lines.h"
#include "models/media/store/block_store.h"
#include "models/util/time.h"

namespace media {

/// Is told which lines go to the durable store.
class DestageListener {
public:
    virtual ~DestageListener() = default;
    /// A full cache makes room. `planned`: what the plan of a flush said of the line, if it has not
    /// changed since; else 0.
    virtual void on_destage(std::uint64_t offset, std::size_t length, util::TimePs planned) = 0;
    /// A flush moves what no plan has named.
    virtual void on_unplanned(std::uint64_t offset, std::size_t length) = 0;
    /// dirty_bytes() is another one than before.
    virtual void on_fill(std::uint64_t) {}
};

/// A volatile write cache in front of a durable store. Whatever it holds is dirty: reads see it,
/// and a power cut loses it.
///
/// - write() may leave data only here. A full cache moves its oldest line down first, so unflushed
///   data may become durable at any time and in any order.
/// - flush() makes everything durable. write_durable() (FUA) makes its own data durable before it
///   returns.
/// - deallocate() and resize() act on the durable store at once and drop what they cover here: a
///   power cut can then only show the zeros, never data from before. (A 512-byte sector that a
///   deallocation covers in part falls back to its older durable bytes outside of that part.)
/// - Data that the durable store refuses stays here, dirty and readable; the status goes to the
///   caller of the write() or flush() that had to move it, and the next one tries again.
///
/// Lines take memory as they are used, and an empty cache has given back all but a few. Content is
/// kept in sectors of 512 bytes; accesses that are not multiples of it are exact, but may have to
/// read the rest of a sector first.
class WriteCache final : public BlockStore {
public:
    /// `durable` and `listener` must outlive the cache. Capacity is rounded down to lines of 4 KiB;
    /// with none, every write goes through.
    WriteCache(BlockStore& durable, std::size_t capacity_bytes,
               DestageListener* listener = nullptr);

    /// Lines of 4 KiB.
    [[nodiscard]] std::size_t capacity() const { return lines_.capacity(); }
    /// Those that take memory.
    [[nodiscard]] std::size_t touched() const { return lines_.touched(); }
    /// All bytes of the range, which lies in one line, are here.
    [[nodiscard]] bool holds(std::uint64_t offset, std::uint64_t length) const;

    [[nodiscard]] std::uint64_t size() const override { return durable_.size(); }
    [[nodiscard]] bool read_only() const override { return durable_.read_only(); }
    [[nodiscard]] IoStatus read(std::uint64_t offset, void* dst, std::size_t length) override;
    void expect(std::uint64_t offset) const override { durable_.expect(offset); }
    [[nodiscard]] IoStatus write(std::uint64_t offset, const void* src,
                                 std::size_t length) override;
    [[nodiscard]] IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override;
    [[nodiscard]] IoStatus write_zeroes(std::uint64_t offset, std::uint64_t length) override;
    [[nodiscard]] bool knows_written() const override { return durable_.knows_written(); }
    [[nodiscard]] bool written(std::uint64_t offset, std::uint64_t length) const override;
    /// Moves all lines down in ascending order, then flushes the durable store. Lines that fail do
    /// not stop the others; the first error is returned.
    [[nodiscard]] IoStatus flush() override;
    [[nodiscard]] IoStatus resize(std::uint64_t new_size) override;

    /// Force Unit Access: durable when it returns kOk, and what the cache holds agrees with it.
    [[nodiscard]] IoStatus write_durable(std::uint64_t offset, const void* src, std::size_t length);
    /// The same in pieces: each write_through(), and flush_durable() after the last.
    [[nodiscard]] IoStatus write_through(std::uint64_t offset, const void* src, std::size_t length);
    [[nodiscard]] IoStatus flush_durable() { return durable_.flush(); }
    /// What flush() would move: calls plan(offset, length), which says when the media takes that,
    /// for runs of lines in ascending order, those left out that an earlier plan named and nobody
    /// has written since.
    template <typename Plan>
    void plan_flush(Plan plan) {
        sort_lines();
        for (std::size_t i = 0; i != order_.size();) {
            const std::size_t first = i;
            const std::uint64_t number = lines_.number(order_[first]);
            const auto belongs = [&](CacheLines::Id id) {
                return lines_.note(id) == 0 && lines_.number(id) == number + (i - first);
            };
            while (i != order_.size() && i - first != kMostPlanned && belongs(order_[i])) ++i;
            if (i == first) {
                ++i;
                continue;
            }
            constexpr std::uint64_t kLine = CacheLines::kLineBytes;
            const util::TimePs taken = plan(number * kLine, (i - first) * kLine);
            for (std::size_t at = first; at != i; ++at)
                lines_.set_note(order_[at], taken == 0 ? 1 : taken);
        }
        forget_order();
    }
    /// What the range holds is durable when it returns kOk.
    [[nodiscard]] IoStatus flush_range(std::uint64_t offset, std::uint64_t length);
    /// Power is lost: everything that is not durable is gone.
    void power_cut();
    /// Bytes, in whole sectors, that a power cut would lose.
    [[nodiscard]] std::uint64_t dirty_bytes() const;

private:
    static constexpr std::size_t kMostPlanned = 32;  // lines of a run
    struct Piece;                                    // the part of an access that lies in one line
    struct FillNews;                                 // tells the listener when its scope ends

    [[nodiscard]] IoStatus check_change(std::uint64_t offset, std::uint64_t length) const;
    [[nodiscard]] IoStatus write_piece(const Piece& piece, const std::byte* src);
    [[nodiscard]] IoStatus fill_sector(CacheLines::Id id, unsigned sector);
    [[nodiscard]] IoStatus destage(CacheLines::Id id);
    [[nodiscard]] IoStatus flush_line(CacheLines::Id id);
    void sort_lines();
    void forget_order();
    void drop(std::uint64_t offset, std::uint64_t length);
    void set_valid(CacheLines::Id id, std::uint8_t mask);
    template <typename Action>
    void for_each_held(std::uint64_t offset, std::uint64_t length, Action action);

    BlockStore& durable_;
    DestageListener* const listener_;
    CacheLines lines_;
    std::vector<CacheLines::Id> order_;  // scratch: the lines by number
    std::uint64_t dirty_sectors_ = 0;
    std::uint64_t told_sectors_ = 0;  // of them, to the listener
};

}  // namespace media
