// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace platform {

/// A pseudo-random order of [0, count): every value exactly once, in constant memory. It takes the
/// place of fio's random map, whose size grows with the disk.
///
/// A Feistel network permutes the next power of four; a result outside the range is permuted again
/// until it falls inside. That ends, because the cycle of a permutation returns to its start, and
/// takes fewer than four steps on average.
class Permutation {
public:
    /// count is at most 2^62; 0 is treated as 1.
    Permutation(std::uint64_t count, std::uint64_t key);

    /// index < count.
    [[nodiscard]] std::uint64_t operator()(std::uint64_t index) const;
    [[nodiscard]] std::uint64_t count() const { return count_; }

private:
    [[nodiscard]] std::uint64_t permute(std::uint64_t value) const;

    std::uint64_t count_;
    std::uint64_t key_;
    unsigned half_bits_;
};

}  // namespace platform
