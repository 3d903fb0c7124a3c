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
std::atomic<bool> asked{false};
static_assert(std::atomic<int>::is_always_lock_free &&
              std::atomic<bool>::is_always_lock_free);  // or a signal handler may not touch them

void ask(int) {
    const int before = errno;
    asked = true;
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
    if (!asked.exchange(false)) return false;
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t taken = ::read(fd_.get(), &count, sizeof count);
    return true;
}

}  // namespace nvme_vp
