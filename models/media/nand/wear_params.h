// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/params.h"

namespace media {

/// What use does to the blocks of a NAND flash, and what is there to replace those that fail.
/// Everything that differs from block to block, or from page to page, follows from `seed`.
struct WearParams {
    std::uint64_t seed = 1;
    std::uint32_t endurance = 3'000;
    std::uint32_t initial_erases = 0;
    std::uint32_t retry_percent = 0;
    std::uint32_t retry_limit = 8;
    std::uint32_t bad_blocks = 0;
    std::uint32_t block_life = 0;
    std::uint32_t block_life_spread = 20;
    std::uint32_t spare_blocks = 0;
    std::uint32_t read_limit = 0;

    /// Calls v(ParamInfo, field) for each that a user may set.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"nand_seed", "", "nand: which blocks are bad, fail or read badly", 0,
            ~std::uint64_t{0}},
          p.seed);
        v(I{"nand_endurance", "erases",
            "nand: that a block is made for: what of it is used adds to percentage_used of the "
            "SMART log; 0: nothing does",
            0, 1'000'000},
          p.endurance);
        v(I{"nand_initial_erases", "erases", "nand: that each block has behind it at the start", 0,
            1'000'000},
          p.initial_erases);
        v(I{"nand_retry_percent", "%",
            "nand: pages of a block with nand_endurance erases that have to be read again; it "
            "grows with the square of the erases",
            0, 100},
          p.retry_percent);
        v(I{"nand_retry_limit", "reads", "nand: repetitions of a read at most", 1, 100},
          p.retry_limit);
        v(I{"nand_bad_blocks", "1/1000", "nand: blocks that are bad from the start", 0, 500},
          p.bad_blocks);
        v(I{"nand_block_life", "erases",
            "nand: after which blocks fail, on average; 0: they do not", 0, 10'000'000},
          p.block_life);
        v(I{"nand_block_life_spread", "%", "nand: by which that differs from block to block", 0,
            100},
          p.block_life_spread);
        v(I{"nand_spare_blocks", "blocks",
            "nand: of a die, in all of its planes, that replace those that fail; what is left of "
            "them is the SMART log's Available Spare",
            0, 1u << 16},
          p.spare_blocks);
        v(I{"nand_read_limit", "reads",
            "nand: of a block, after which its data are moved (read disturb); 0: they are not", 0,
            1u << 30},
          p.read_limit);
    }
};

}  // namespace media
