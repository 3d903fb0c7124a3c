// SPDX-License-Identifier: Apache-2.0
#include "platform/config/terminal_line.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace platform {

namespace {

constexpr std::chrono::milliseconds kInterval{200};  // of the host

}  // namespace

TerminalLine::TerminalLine() : terminal_(::isatty(STDERR_FILENO) == 1) {}

bool TerminalLine::due() {
    if (!terminal_) return false;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < kInterval) return false;
    last_ = now;
    return true;
}

void TerminalLine::show(const std::string& text) {
    if (!terminal_) return;
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    shown_ = true;
}

void TerminalLine::clear() {
    if (!shown_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    shown_ = false;
}

std::string reading_text(std::uint64_t read, std::uint64_t all,
                         std::chrono::duration<double> time) {
    const auto done = static_cast<double>(read);
    const auto left = static_cast<double>(all - std::min(all, read));
    const double rate = time.count() > 0 ? done / time.count() : 0;  // bytes a second
    char text[100];
    std::snprintf(text, sizeof text, "%3.0f%%  %.0f MB/s  %.0f s left",
                  all == 0 ? 100.0 : 100.0 * std::min(1.0, done / static_cast<double>(all)),
                  rate / 1e6, rate > 0 ? left / rate : 0.0);
    return text;
}

}  // namespace platform
