// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/interrupt_pin.h"

namespace pcie {

InterruptPin::Level InterruptPin::drive(bool wanted, util::TimePs now, InterruptFaults* faults) {
    if (wanted && !wanted_) from_ = faults == nullptr ? now : faults->on_pin(now);
    wanted_ = wanted;
    if (!wanted) return {};
    return from_ <= now ? Level{true, util::kNever} : Level{false, from_};
}

}  // namespace pcie
