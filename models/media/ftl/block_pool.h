// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "models/media/ftl/ftl_params.h"
#include "models/media/nand/wear.h"

namespace media {

/// The blocks of one die: which are free, and whose units the others hold.
class BlockPool {
public:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    static constexpr std::uint64_t kNobody = ~std::uint64_t{0};

    /// `wear` must outlive it.
    BlockPool(const Wear& wear, std::uint32_t die, std::uint32_t block_units)
        : wear_(wear),
          die_(die),
          block_units_(block_units),
          spares_(wear.params().spare_blocks),
          most_erases_(wear.params().initial_erases),
          least_erases_(most_erases_) {}

    /// Has so many good blocks from now on, less those that it has lost; what is too many goes as
    /// it becomes free, but for the few that collecting needs. One that has lost some keeps all.
    void resize(std::uint32_t blocks);

    [[nodiscard]] std::uint32_t free() const { return free_; }
    /// Units that hold data.
    [[nodiscard]] std::uint32_t valid(std::uint32_t block) const {
        return valid_[block] & ~kNotClosed;
    }
    [[nodiscard]] std::uint64_t owner(std::uint32_t block, std::uint32_t unit) const {
        return blocks_[block].owners[unit];
    }
    [[nodiscard]] std::uint32_t present() const { return present_; }
    /// Blocks that have failed and were not replaced.
    [[nodiscard]] std::uint32_t lost() const { return lost_; }
    /// Blocks that are there to replace those that fail.
    [[nodiscard]] std::uint32_t spares() const { return spares_; }
    [[nodiscard]] std::uint32_t erases(std::uint32_t block) const { return blocks_[block].erases; }
    /// Of one block.
    [[nodiscard]] std::uint32_t most_erases() const { return most_erases_; }
    /// Of one that is not bad.
    [[nodiscard]] std::uint32_t least_erases() const { return least_erases_; }

    /// Takes the free block that was erased least; kNone: there is none.
    [[nodiscard]] std::uint32_t open();
    /// All of it is written. `now`: a count of what was written, for its age.
    void close(std::uint32_t block, std::uint64_t now);
    enum class Erased : std::uint8_t {
        kWell,      ///< the block is free
        kReplaced,  ///< that failed; a spare block is free instead
        kLost,      ///< that failed, and nothing is there instead
        kKept,      ///< the same, but the die cannot do without it: it is used for longer
    };
    /// The next erase of the block fails.
    [[nodiscard]] bool fails_next(std::uint32_t block) const {
        return wear_.fails(die_, block, erases(block) + 1);
    }
    /// It was erased. No unit of it is valid. `may_lose`: the drive has a block more than it needs.
    Erased give_back(std::uint32_t block, bool may_lose);

    void set(std::uint32_t block, std::uint32_t unit, std::uint64_t owner);
    void invalidate(std::uint32_t block, std::uint32_t unit);

    /// One more stripe of the block has been read. Returns how many since it was erased.
    std::uint32_t count_read(std::uint32_t block) { return ++blocks_[block].reads; }
    [[nodiscard]] bool is_closed(std::uint32_t block) const {
        return blocks_[block].state == State::kClosed;
    }
    /// The closed block that was erased least; kNone: there is none.
    [[nodiscard]] std::uint32_t least_erased() const;
    /// The closed block to collect; kNone: all of them are full of valid units.
    [[nodiscard]] std::uint32_t victim(GcPolicy policy, std::uint64_t now) const;

private:
    enum class State : std::uint8_t { kFree, kOpen, kClosed, kGone, kBad };
    struct Block {
        std::unique_ptr<std::uint64_t[]> owners;  // of its units; a free block has none
        std::uint64_t closed_at = 0;
        std::uint32_t erases = 0;
        std::uint32_t reads = 0;  // since
        State state = State::kFree;
    };

    [[nodiscard]] std::uint32_t emptiest() const;
    [[nodiscard]] std::uint32_t worthiest(std::uint64_t now) const;
    [[nodiscard]] std::unique_ptr<std::uint64_t[]> take_owners();
    [[nodiscard]] bool too_many() const {
        return lost_ == 0 && present_ > wanted_ && free_ > kKept;
    }
    void add_block();
    void count_erase(Block& erased);
    void count_least();
    Erased replace();
    void drop_free(std::uint32_t block);

    static constexpr std::uint32_t kKept = 2;
    static constexpr std::uint32_t kNotClosed = 1u << 31;

    const Wear& wear_;
    const std::uint32_t die_, block_units_;
    std::vector<Block> blocks_;
    // Of each block, by itself because the search for a victim goes through all of them. One that
    // is not closed has kNotClosed set.
    std::vector<std::uint32_t> valid_;
    std::vector<std::unique_ptr<std::uint64_t[]>> unused_;  // memory for owners
    std::uint32_t wanted_ = 0, present_ = 0, free_ = 0;
    std::uint32_t lost_ = 0;  // that failed and were not replaced
    std::uint32_t spares_;
    std::uint32_t most_erases_;
    std::uint32_t least_erases_;
    std::uint32_t with_least_ = 0;  // blocks that have least_erases_
};

}  // namespace media
