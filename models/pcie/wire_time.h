// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/divide.h"
#include "models/util/time.h"

namespace pcie {

/// How fast a link runs: generation 1 .. 6, or 0: infinitely fast; and 1, 2, 4, 8 or 16 lanes.
struct LinkSpeed {
    unsigned gen = 0;
    unsigned lanes = 0;
};

/// How long bytes are on the wires of a link, with what its coding adds to them.
class WireTime {
public:
    explicit WireTime(LinkSpeed speed);
    /// Rounded up to the picosecond. Of up to 2^40 bytes.
    [[nodiscard]] util::TimePs of(std::uint64_t bytes) const {
        return util::divide_up(bytes * numerator_, denominator_);
    }

private:
    std::uint64_t numerator_, denominator_;  // picoseconds for a byte, as a fraction
};

}  // namespace pcie
