// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/state/controller_state.h"
#include "models/observe/trace.h"

namespace nvme {

/// Tells the trace of a queue's levels when they are other ones than it was told last: most steps
/// of a queue's process change none of them.
class LevelNews {
public:
    /// `levels` need no time yet.
    void tell(const ControllerState& state, const observe::QueueLevels& levels) {
        if (told_to_ == state.trace && levels.same_levels(told_)) return;
        told_ = levels;
        told_.ps = state.now();
        told_to_ = state.trace;
        state.trace->record(told_);
    }

private:
    observe::QueueLevels told_{};
    const observe::TraceSink* told_to_ = nullptr;
};

}  // namespace nvme
