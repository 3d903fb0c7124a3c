// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/pcie/function_faults.h"
#include "models/util/time.h"

namespace pcie {

/// The level of a wire. It follows what is wanted, but where a fault plan asserts it late or not
/// at all.
class InterruptPin {
public:
    struct Level {
        bool high = false;
        util::TimePs next = util::kNever;  ///< when it is to be asked again
    };
    /// `wanted`: there is something to tell the host. Null: no fault plan.
    Level drive(bool wanted, util::TimePs now, InterruptFaults* faults);

private:
    bool wanted_ = false;    // it should be asserted,
    util::TimePs from_ = 0;  // and is from then on
};

}  // namespace pcie
