// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/stop_signals.h"

#include <csignal>
#include <ctime>

namespace nvme_vp {

namespace {

constexpr int kStopping[] = {SIGINT, SIGTERM, SIGHUP};

sigset_t stopping_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : kStopping) sigaddset(&set, signal);
    return set;
}

}  // namespace

void hold_stop_signals() {
    const sigset_t set = stopping_signals();
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

bool stopped_within(std::chrono::milliseconds time) {
    const sigset_t set = stopping_signals();
    const std::timespec wait{time.count() / 1000, time.count() % 1000 * 1'000'000};
    return ::sigtimedwait(&set, nullptr, &wait) > 0;
}

bool stop_is_pending() {
    sigset_t pending;
    ::sigpending(&pending);
    for (const int signal : kStopping)
        if (sigismember(&pending, signal) == 1) return true;
    return false;
}

}  // namespace nvme_vp
