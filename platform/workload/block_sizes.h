// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "platform/workload/random.h"

namespace platform {

/// One value each for reads, writes and trims; indexed with index_of(op).
template <typename T>
using PerDirection = std::array<T, 3>;

/// "4k/60": requests of 4 KiB are 60 % of all.
struct SizeShare {
    std::uint32_t bytes = 0;
    unsigned percent = 0;
};
/// The percentages add up to 100.
using SizeShares = std::vector<SizeShare>;

/// How large the requests of one direction are: all alike (bs), anything between two sizes
/// (bsrange), or in given shares (bssplit). What is drawn is a multiple of the smallest, or the
/// largest. [fio 3.33 io_u.c, get_next_buflen()]
class BlockSizes {
public:
    /// `largest` is not below `smallest`, and none of the shares is.
    BlockSizes(std::uint32_t smallest, std::uint32_t largest, SizeShares shares)
        : smallest_(smallest), largest_(largest), shares_(std::move(shares)) {}

    [[nodiscard]] bool fixed() const { return smallest_ == largest_; }
    [[nodiscard]] std::uint32_t smallest() const { return smallest_; }
    [[nodiscard]] std::uint32_t largest() const { return largest_; }
    /// Not more than `room`, which is at least the smallest.
    [[nodiscard]] std::uint32_t draw(RandomStream& random, std::uint64_t room) const;

private:
    [[nodiscard]] std::uint32_t draw(RandomStream& random) const;

    std::uint32_t smallest_;
    std::uint32_t largest_;
    SizeShares shares_;
};

}  // namespace platform
