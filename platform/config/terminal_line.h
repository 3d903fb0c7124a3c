// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace platform {

/// One line on standard error that is rewritten in place, five times a second at most. Nothing at
/// all where standard error is not a terminal.
class TerminalLine {
public:
    TerminalLine();
    ~TerminalLine() { clear(); }
    TerminalLine(const TerminalLine&) = delete;
    TerminalLine& operator=(const TerminalLine&) = delete;

    /// Is it time for another one?
    [[nodiscard]] bool due();
    void show(const std::string& text);
    /// Removes the line.
    void clear();

private:
    const bool terminal_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point last_{};
};

/// " 42%  120 MB/s  8 s left", of a file of which `read` bytes of `all` were read in so much time.
[[nodiscard]] std::string reading_text(std::uint64_t read, std::uint64_t all,
                                       std::chrono::duration<double> time);

}  // namespace platform
