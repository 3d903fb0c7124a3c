// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "platform/vfio_user/stop_signal.h"

namespace nvme_vp {

/// `handler` hears of the first SIGINT or SIGTERM; a second one ends the program at once.
void on_first_signal(void (*handler)(int));

/// While it lives, the first signal gives `stop`, so that all ends in good order. One at a time.
class StopOnSignals {
public:
    explicit StopOnSignals(platform::vfio_user::StopSignal& stop);
    ~StopOnSignals();
    StopOnSignals(const StopOnSignals&) = delete;
    StopOnSignals& operator=(const StopOnSignals&) = delete;
};

}  // namespace nvme_vp
