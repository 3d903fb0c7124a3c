// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/time.h"

namespace pcie {

/// What a fault plan does to the interrupts of a device and to its configuration space. The device
/// asks at each of these places, behind one null test.
class InterruptFaults {
public:
    virtual ~InterruptFaults() = default;
    /// How many messages go out now.
    virtual unsigned on_interrupt(std::uint16_t vector) = 0;
    /// The pin-based interrupt would be asserted now: when it is, kNever: not this time.
    virtual util::TimePs on_pin(util::TimePs now) = 0;
};

class FunctionFaults : public InterruptFaults {
public:
    /// A register that the host reads has `value`: what the host is to see.
    virtual std::uint32_t on_config_read(std::uint16_t offset, unsigned size,
                                         std::uint32_t value) = 0;
};

}  // namespace pcie
