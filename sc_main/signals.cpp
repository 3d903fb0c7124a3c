// SPDX-License-Identifier: Apache-2.0
#include "sc_main/signals.h"

#include <atomic>
#include <csignal>

namespace nvme_vp {

namespace {

using platform::vfio_user::StopSignal;

std::atomic<StopSignal*> stopping{nullptr};
static_assert(std::atomic<StopSignal*>::is_always_lock_free);  // a signal handler reads it

}  // namespace

void on_first_signal(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

StopOnSignals::StopOnSignals(StopSignal& stop) {
    stopping = &stop;
    on_first_signal([](int) { stopping.load()->give(); });
}

/// From here on the signal may go away.
StopOnSignals::~StopOnSignals() {
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
}

}  // namespace nvme_vp
