// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace media {

/// The same page of the same block in planes of a die, which one operation reads or programs.
struct Stripe {
    std::uint32_t die, block, page;
    std::uint32_t planes;  ///< a bit each; at least one
    bool slc = false;      ///< of a block with one bit in each cell, whatever the others have
};

}  // namespace media
