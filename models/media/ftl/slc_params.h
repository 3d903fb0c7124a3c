// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "models/util/params.h"

namespace media {

/// What a write does that finds the region full: it goes to the other blocks, or it waits until a
/// block of the region has been folded into them.
enum class SlcFull : std::uint8_t { kDirect, kFold };

/// A region of blocks with one bit in each cell, which takes what the host writes, fast.
struct SlcParams {
    std::uint64_t bytes = 0;
    SlcFull when_full = SlcFull::kDirect;

    /// Calls v(ParamInfo, field) for each that a user may set.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"ftl_slc_bytes", "bytes",
            "nand: region with one bit in a cell, which takes writes until it is full, and is "
            "folded into the other blocks while the drive is idle; 0: none",
            0, 1ull << 44},
          p.bytes);
        v(I{"ftl_slc_when_full", "",
            "nand: writes go to the other blocks directly, or wait for a block that is folded"},
          p.when_full);
    }
};

}  // namespace media

template <>
struct util::EnumNames<media::SlcFull> {
    static constexpr std::array<std::string_view, 2> names{"direct", "fold"};
};
