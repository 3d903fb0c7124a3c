// SPDX-License-Identifier: Apache-2.0
#include "traces/nvme_trace/reading.h"

#include <chrono>
#include <filesystem>
#include <memory>

#include "platform/config/terminal_line.h"

namespace nvme_trace {

analysis::ReadingProgress shown_on_terminal(const std::string& path) {
    using Clock = std::chrono::steady_clock;
    std::error_code ignored;
    const std::uintmax_t size = std::filesystem::file_size(path, ignored);
    const std::uint64_t all = ignored ? 0 : size;
    return [line = std::make_shared<platform::TerminalLine>(), all, begin = Clock::now(),
            before = std::uint64_t{0}](std::uint64_t read) mutable {
        if (read < before) begin = Clock::now();  // once more, for the stories
        before = read;
        if (line->due()) line->show(platform::reading_text(read, all, Clock::now() - begin));
    };
}

}  // namespace nvme_trace
