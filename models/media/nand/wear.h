// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/media/nand/stripe.h"
#include "models/media/nand/wear_params.h"

namespace media {

/// Which blocks fail, and which pages are hard to read. There is no state in it and no order: the
/// same block with the same erases always gives the same answer, because each answer is computed
/// from the seed and from what is asked about.
class Wear {
public:
    explicit Wear(const WearParams& params) : params_(params) {}

    [[nodiscard]] const WearParams& params() const { return params_; }
    /// The factory has marked the block.
    [[nodiscard]] bool is_bad(std::uint32_t die, std::uint32_t block) const;
    /// Of the first `blocks` of the die those that are not.
    [[nodiscard]] std::uint32_t good_blocks(std::uint32_t die, std::uint32_t blocks) const;
    /// The erase that would be the block's number `erases` fails.
    [[nodiscard]] bool fails(std::uint32_t die, std::uint32_t block, std::uint32_t erases) const;
    /// How many times the stripe has to be read again until its worst page is decoded: at
    /// p = retry_percent * (erases / endurance)^2 a part p of the pages once at least, of these a
    /// part p twice, and so on. Cells with one bit are read well.
    [[nodiscard]] std::uint32_t retries(const Stripe& stripe, std::uint32_t erases) const {
        return params_.retry_percent == 0 || stripe.slc ? 0 : retries_of_worst(stripe, erases);
    }

private:
    [[nodiscard]] std::uint32_t retries_of_worst(const Stripe& stripe, std::uint32_t erases) const;

    const WearParams params_;
};

}  // namespace media
