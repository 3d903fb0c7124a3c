// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "models/faults/rule.h"
#include "models/media/store/faulty_store.h"

namespace faults {

/// The blocks that a media rule makes bad: all of `lba` and `blocks` (without lba: the whole
/// namespace), less what was rewritten.
class BadBlocks {
public:
    explicit BadBlocks(const Rule& rule);

    [[nodiscard]] bool touches(const Rule& rule, const media::MediaRange& range) const;
    /// The range is good from now on.
    void heal(const Rule& rule, const media::MediaRange& range);

private:
    /// The guest's writes cut the bad area into pieces. Beyond so many, a cut heals the smaller
    /// part as well: its size is the plan's, and it must not become the guest's.
    static constexpr std::size_t kMostPieces = 1024;
    struct Piece {
        std::uint64_t first, last;
    };
    static Piece blocks_of(const media::MediaRange& range);

    std::vector<Piece> pieces_;  // ascending, without overlap
};

}  // namespace faults
