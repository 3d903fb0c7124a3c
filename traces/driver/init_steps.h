// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "traces/driver/life.h"
#include "traces/driver/verdict.h"

namespace driver {

/// The steps by which a host brings a controller up, in the specification's order.
/// [NVMe-Base-2.0 3.5.1 Memory-based Transport Controller Initialization]
inline constexpr std::size_t kInitSteps = 15;

/// What became of each step in all lives of a controller.
class StepTally {
public:
    void add(const Life& life);
    /// Wrong, if it was wrong in any life; done, if it was done in any.
    [[nodiscard]] std::vector<Item> items() const;

private:
    struct OfVerdict {
        std::uint64_t lives = 0;
        std::string how;  ///< in the first of them
    };
    std::array<std::array<OfVerdict, kVerdicts>, kInitSteps> steps_;
    std::uint64_t lives_ = 0;
};

}  // namespace driver
