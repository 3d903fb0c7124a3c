// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "platform/workload/block_map.h"
#include "platform/workload/job_plan.h"
#include "platform/workload/permutation.h"
#include "platform/workload/random.h"

namespace platform {

/// The endless sequence of operations that the keys rw and rwmixread describe.
class OpMix {
public:
    explicit OpMix(const JobInstance& instance);
    [[nodiscard]] Op next();

private:
    const Pattern pattern_;
    const unsigned read_percent_;
    bool trimmed_ = false;  // of a trim before a write: the write is next
    RandomStream random_;
};

/// The endless sequence of places, for each operation, that the keys rw, bs, norandommap and their
/// kin describe. Sequential patterns have one position per direction and start over at the end of
/// the region. Random ones touch every block once, then again in another order; reads and writes of
/// one block size share that order, as in fio, so that a mixed job touches each block once.
class AccessPattern {
public:
    explicit AccessPattern(const JobInstance& instance);
    /// Of memory, to know which blocks have been touched.
    [[nodiscard]] static std::uint64_t map_bytes(const JobInstance& instance);

    struct Place {
        std::uint64_t offset;  ///< in the namespace
        std::uint32_t length;
    };
    [[nodiscard]] Place next(Op op);

    /// A sequential pattern with gaps has come to the end of the region before all of its bytes had
    /// their turn.
    [[nodiscard]] bool at_end(Op op) const;

    /// Sequential patterns return to the start of the region, as at the start of a loop in fio.
    void rewind();

private:
    struct Direction {
        Direction(const JobInstance& instance, std::size_t direction);

        BlockSizes sizes;
        std::uint32_t align;         // of random places
        std::uint64_t blocks;        // random places in the region
        unsigned random_percent;     // of the requests of a random pattern
        std::uint64_t run = 0;       // requests until the next draw
        std::uint64_t position = 0;  // behind the last one, in the region
        std::uint64_t last = 0;      // where that one began
        std::uint64_t drawn = 0;     // of `order`
        std::optional<Permutation> order;
        std::optional<OffsetDraw> draw;
        std::optional<BlockMap> map;  // of requests of several sizes
    };

    /// Bytes that requests go to before they start over.
    [[nodiscard]] std::uint64_t span() const { return zone_size_ != 0 ? zone_range_ : size_; }
    [[nodiscard]] Direction& direction_of(Op op) { return directions_[shared_ ? 0 : index_of(op)]; }
    [[nodiscard]] bool draws(Direction& direction);
    [[nodiscard]] std::uint64_t random_block(Direction& direction);
    [[nodiscard]] Place draw_unused(Direction& direction);
    [[nodiscard]] std::uint64_t next_in_line(const Direction& direction) const;
    void enter_zone();

    const Pattern pattern_;
    const bool no_map_;
    const std::uint64_t random_run_;
    const bool identical_;
    const std::int64_t step_;
    const std::uint64_t offset_;
    const std::uint64_t size_;
    const std::uint64_t zone_size_, zone_range_, zone_skip_;
    std::uint64_t zone_ = 0;        // where it begins, in the region
    std::uint64_t zone_bytes_ = 0;  // transferred in it
    RandomStream places_;
    RandomStream lengths_;
    bool shared_;  // one order for reads and writes
    PerDirection<Direction> directions_;
    Place trimmed_{};  // the write to it is next
};

}  // namespace platform
