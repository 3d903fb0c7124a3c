// SPDX-License-Identifier: Apache-2.0
#include "sc_main/terminal_progress.h"

#include <unistd.h>

#include <cstdio>

#include "platform/workload/statistics.h"

namespace nvme_vp {

namespace {

constexpr std::chrono::milliseconds kInterval{200};  // of the host

}  // namespace

TerminalProgress::TerminalProgress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

void TerminalProgress::update(const platform::Runner::Progress& progress) {
    if (!terminal_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < kInterval) return;
    last_ = now;
    const auto requests = static_cast<double>(progress.requests - before_.requests);
    const auto time = static_cast<double>(progress.simulated - before_.simulated);
    std::fprintf(stderr, "\r\033[K%3.0f%%  simulated %s  %.0f IOPS", progress.fraction * 100,
                 platform::format_time(progress.simulated).c_str(),
                 time > 0 ? requests * static_cast<double>(util::kPsPerS) / time : 0.0);
    std::fflush(stderr);
    before_ = progress;
    shown_ = true;
}

void TerminalProgress::clear() {
    if (!shown_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    shown_ = false;
}

}  // namespace nvme_vp
