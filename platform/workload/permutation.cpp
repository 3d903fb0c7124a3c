// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/permutation.h"

#include <algorithm>

#include "platform/workload/random.h"

namespace platform {

namespace {

// Small domains have few distinct round outputs, so a few more rounds than the classic four.
constexpr unsigned kRounds = 6;

}  // namespace

Permutation::Permutation(std::uint64_t count, std::uint64_t key)
    : count_(std::max<std::uint64_t>(count, 1)), key_(key), half_bits_(1) {
    while (half_bits_ < 31 && (std::uint64_t{1} << (2 * half_bits_)) < count_) ++half_bits_;
}

std::uint64_t Permutation::operator()(std::uint64_t index) const {
    std::uint64_t value = permute(index);
    while (value >= count_) value = permute(value);
    return value;
}

std::uint64_t Permutation::permute(std::uint64_t value) const {
    const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
    std::uint64_t left = value >> half_bits_;
    std::uint64_t right = value & mask;
    for (unsigned round = 0; round < kRounds; ++round) {
        const std::uint64_t next = left ^ (mix64(key_ + round, right) & mask);
        left = right;
        right = next;
    }
    return left << half_bits_ | right;
}

}  // namespace platform
