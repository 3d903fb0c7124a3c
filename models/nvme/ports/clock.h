// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/util/time.h"

namespace nvme {

/// Simulated time, for parts that must not know SystemC.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual util::TimePs now() const = 0;
};

}  // namespace nvme
