// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace platform {

/// Which blocks of a region a random pattern has touched: one bit each, allocated once. It is
/// needed only where requests have several sizes; otherwise a Permutation does without.
class BlockMap {
public:
    /// Whether so many can be remembered (2^33, 1 GiB).
    [[nodiscard]] static bool fits(std::uint64_t blocks) { return blocks >> 33 == 0; }

    explicit BlockMap(std::uint64_t blocks) : blocks_(blocks), words_(blocks / 64 + 1) {}

    [[nodiscard]] bool touched(std::uint64_t block) const {
        return (words_[block / 64] >> (block % 64) & 1) != 0;
    }
    /// Touches up to `count` blocks from `first` on, as far as nobody has; that many.
    [[nodiscard]] std::uint64_t touch(std::uint64_t first, std::uint64_t count) {
        std::uint64_t done = 0;
        for (; done < count && first + done < blocks_ && !touched(first + done); ++done)
            words_[(first + done) / 64] |= std::uint64_t{1} << ((first + done) % 64);
        return done;
    }
    void clear() { std::fill(words_.begin(), words_.end(), 0); }

private:
    std::uint64_t blocks_;
    std::vector<std::uint64_t> words_;
};

}  // namespace platform
