// SPDX-License-Identifier: Apache-2.0
#include "models/faults/bad_blocks.h"

#include <algorithm>

namespace faults {

BadBlocks::BadBlocks(const Rule& rule) {
    constexpr std::uint64_t kEnd = ~std::uint64_t{0};
    if (rule.lba)
        pieces_.push_back({*rule.lba, *rule.lba + (rule.blocks - 1)});
    else
        pieces_.push_back({0, kEnd});
}

BadBlocks::Piece BadBlocks::blocks_of(const media::MediaRange& range) {
    return {range.offset >> range.lba_shift, (range.offset + range.length - 1) >> range.lba_shift};
}

bool BadBlocks::touches(const Rule& rule, const media::MediaRange& range) const {
    if (range.length == 0 || (rule.nsid && *rule.nsid != range.nsid)) return false;
    const Piece blocks = blocks_of(range);
    const auto it = std::lower_bound(pieces_.begin(), pieces_.end(), blocks.first,
                                     [](const Piece& p, std::uint64_t at) { return p.last < at; });
    return it != pieces_.end() && it->first <= blocks.last;
}

void BadBlocks::heal(const Rule& rule, const media::MediaRange& range) {
    if (!rule.until_rewritten || !touches(rule, range)) return;
    const Piece good = blocks_of(range);
    std::vector<Piece> left;
    left.reserve(pieces_.size() + 1);
    for (const Piece& p : pieces_) {
        if (p.last < good.first || p.first > good.last) {
            left.push_back(p);
            continue;
        }
        const bool before = p.first<good.first, after = p.last> good.last;
        const bool full = pieces_.size() >= kMostPieces && before && after;
        const bool keep_before = !full || good.first - p.first >= p.last - good.last;
        if (before && keep_before) left.push_back({p.first, good.first - 1});
        if (after && !(full && keep_before)) left.push_back({good.last + 1, p.last});
    }
    pieces_ = std::move(left);
}

}  // namespace faults
