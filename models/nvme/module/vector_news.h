// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/nvme/controller/controller.h"
#include "models/pcie/msix.h"

namespace nvme {

/// Tells a trace with details which MSI-X vectors are masked and pending, when they are not as it
/// was told last. Whoever begins to listen knows of none: all are as after a reset for it.
class VectorNews {
public:
    /// Of vectors [first, end), as far as there are so many. Somebody wants details.
    void tell(const ControllerState& state, const pcie::Msix& msix, bool function_masked,
              unsigned first, unsigned end) {
        if (told_to_ != state.details) {
            told_to_ = state.details;
            told_.assign(msix.vectors(), Told{true, false});
            first = 0;
            end = msix.vectors();
        }
        for (unsigned v = first; v < std::min(end, msix.vectors()); ++v) {
            const Told now{function_masked || msix.masked(v), msix.pending(v)};
            if (now.masked == told_[v].masked && now.pending == told_[v].pending) continue;
            told_[v] = now;
            told_to_->record(observe::VectorChange{state.now(), static_cast<std::uint16_t>(v),
                                                   now.masked, now.pending});
        }
    }

private:
    struct Told {
        bool masked, pending;
    };
    std::vector<Told> told_;
    observe::TraceSink* told_to_ = nullptr;
};

}  // namespace nvme
