// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "models/media/ftl/ftl_params.h"

namespace media {

/// The blocks of one die: which are free, and whose units the others hold.
class BlockPool {
public:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};
    static constexpr std::uint64_t kNobody = ~std::uint64_t{0};

    explicit BlockPool(std::uint32_t block_units) : block_units_(block_units) {}

    /// Has so many blocks from now on; what is too many goes as it becomes free, but for the few
    /// that collecting needs.
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
    /// Of one block.
    [[nodiscard]] std::uint32_t most_erases() const { return most_erases_; }

    /// Takes the free block that was erased least; kNone: there is none.
    [[nodiscard]] std::uint32_t open();
    /// All of it is written. `now`: a count of what was written, for its age.
    void close(std::uint32_t block, std::uint64_t now);
    /// It was erased. No unit of it is valid.
    void give_back(std::uint32_t block);

    void set(std::uint32_t block, std::uint32_t unit, std::uint64_t owner);
    void invalidate(std::uint32_t block, std::uint32_t unit);

    /// The closed block to collect; kNone: all of them are full of valid units.
    [[nodiscard]] std::uint32_t victim(GcPolicy policy, std::uint64_t now) const;

private:
    enum class State : std::uint8_t { kFree, kOpen, kClosed, kGone };
    struct Block {
        std::unique_ptr<std::uint64_t[]> owners;  // of its units; a free block has none
        std::uint64_t closed_at = 0;
        std::uint32_t erases = 0;
        State state = State::kFree;
    };

    [[nodiscard]] std::uint32_t emptiest() const;
    [[nodiscard]] std::uint32_t worthiest(std::uint64_t now) const;
    [[nodiscard]] std::unique_ptr<std::uint64_t[]> take_owners();
    [[nodiscard]] bool too_many() const { return present_ > wanted_ && free_ > kKept; }
    void drop_free(std::uint32_t block);

    static constexpr std::uint32_t kKept = 2;
    static constexpr std::uint32_t kNotClosed = 1u << 31;

    const std::uint32_t block_units_;
    std::vector<Block> blocks_;
    // Of each block, by itself because the search for a victim goes through all of them. One that
    // is not closed has kNotClosed set.
    std::vector<std::uint32_t> valid_;
    std::vector<std::unique_ptr<std::uint64_t[]>> unused_;  // memory for owners
    std::uint32_t wanted_ = 0, present_ = 0, free_ = 0, most_erases_ = 0;
};

}  // namespace media
