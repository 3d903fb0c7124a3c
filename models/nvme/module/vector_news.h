// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/nvme/controller/controller.h"
#include "models/pcie/msix.h"

namespace nvme {

/// Tells a trace with details which MSI-X vectors are masked and pending, when they are not as it
/// was told last.
class VectorNews {
public:
    /// Somebody else listens, who knows of none: all are as after a reset for it.
    void forget(const pcie::Msix& msix) { told_.assign(msix.vectors(), Told{true, false}); }

    /// Of vectors [first, end), as far as there are so many. Somebody wants details.
    void tell(const ControllerState& state, const pcie::Msix& msix, bool function_masked,
              unsigned first, unsigned end) {
        for (unsigned v = first; v < std::min(end, msix.vectors()); ++v) {
            const Told now{function_masked || msix.masked(v), msix.pending(v)};
            if (now.masked == told_[v].masked && now.pending == told_[v].pending) continue;
            told_[v] = now;
            state.details->record(observe::VectorChange{state.now(), static_cast<std::uint16_t>(v),
                                                        now.masked, now.pending});
        }
    }

private:
    struct Told {
        bool masked, pending;
    };
    std::vector<Told> told_;
};

}  // namespace nvme
