// SPDX-License-Identifier: Apache-2.0
#include "sc_main/status_signal.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace nvme_vp {

namespace {

std::atomic<int> asked_at{-1};
static_assert(std::atomic<int>::is_always_lock_free);  // a signal handler reads it

void ask(int) {
    const int before = errno;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(asked_at, &one, sizeof one);
    errno = before;
}

}  // namespace

StatusSignal::StatusSignal() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    asked_at = fd_.get();
    struct sigaction action {};
    action.sa_handler = ask;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGUSR1, &action, nullptr);
}

/// Who asks too late gets no answer, and ends nothing.
StatusSignal::~StatusSignal() {
    ::signal(SIGUSR1, SIG_IGN);
}

bool StatusSignal::take() {
    std::uint64_t count = 0;
    return ::read(fd_.get(), &count, sizeof count) == sizeof count;
}

}  // namespace nvme_vp
