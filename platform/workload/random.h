// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/mix64.h"
#include "models/util/wide.h"

namespace platform {

using util::mix64;
using util::UInt128;

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
