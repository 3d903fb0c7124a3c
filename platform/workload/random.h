// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace platform {

/// 128-bit intermediate results. The attribute silences -Wpedantic: ISO C++ has no such type.
__extension__ typedef unsigned __int128 UInt128;

/// A bijection of 64 bits that decorrelates neighbouring inputs (the output step of SplitMix64,
/// Steele, Lea and Flood 2014). Own code instead of <random>: the distributions of the standard
/// library may differ between implementations, and a workload has to be the same everywhere.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t value) {
    value += 0x9e37'79b9'7f4a'7c15;
    value = (value ^ (value >> 30)) * 0xbf58'476d'1ce4'e5b9;
    value = (value ^ (value >> 27)) * 0x94d0'49bb'1331'11eb;
    return value ^ (value >> 31);
}

/// Joins two values to one seed: different pairs give unrelated streams.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t a, std::uint64_t b) {
    return mix64(mix64(a) ^ b);
}

/// A SplitMix64 stream: 64 bits of state, period 2^64.
class RandomStream {
public:
    explicit constexpr RandomStream(std::uint64_t seed) : state_(seed) {}

    constexpr std::uint64_t next() {
        const std::uint64_t value = mix64(state_);
        state_ += 0x9e37'79b9'7f4a'7c15;
        return value;
    }

    /// Uniform in [0, bound), without bias: draws that fall into the incomplete last stretch of the
    /// range are repeated. bound 0 gives 0.
    constexpr std::uint64_t below(std::uint64_t bound) {
        const std::uint64_t rejected = bound == 0 ? 0 : (0 - bound) % bound;
        for (;;) {
            const UInt128 product = UInt128{next()} * bound;
            if (static_cast<std::uint64_t>(product) >= rejected) {
                return static_cast<std::uint64_t>(product >> 64);
            }
        }
    }

private:
    std::uint64_t state_;
};

}  // namespace platform
