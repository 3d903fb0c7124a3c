// SPDX-License-Identifier: Apache-2.0
#include "traces/nvme_trace/live.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <istream>
#include <thread>

#include "traces/analysis/analyser.h"
#include "traces/analysis/live_screen.h"
#include "traces/analysis/trace_input.h"
#include "traces/nvme_trace/followed_file.h"
#include "traces/nvme_trace/output.h"

namespace nvme_trace {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kNap{50};  // between two looks at the file

class Live {
public:
    explicit Live(const CommandLine& line)
        : line_(line),
          path_(line.files[0]),
          analyser_(options(line)),
          screen_(std::filesystem::path(path_).filename().string()),
          interval_(line.interval_s),
          terminal_(::isatty(STDOUT_FILENO) == 1) {}

    int run() {
        FollowedFile file(path_, [this](bool at_end) { return goes_on(at_end); });
        std::istream bytes(&file);
        const analysis::ReadResult read = analysis::read_trace_of(bytes, analyser_);
        const std::string& wrong = file.problem().empty() ? read.refused : file.problem();
        if (told_ && wrong.empty()) show();
        if (!wrong.empty()) tell_problem(path_ + ": " + wrong);
        // That it ends without its last block is how it is while it is being written.
        if (!read.damaged.empty() && !line_.once) tell_problem(path_ + ": " + read.damaged);
        return told_ && wrong.empty() ? kGood : kUsage;
    }

private:
    static analysis::Options options(const CommandLine& line) {
        analysis::Options options;
        options.block_bytes = line.block_bytes;
        options.most_commands = line.most_commands;
        return options;
    }
    /// Between two pieces of the file.
    bool goes_on(bool at_end) {
        if (line_.once) return !at_end;
        if (Clock::now() - last_ >= interval_ && !show()) return told_ = false;
        if (at_end) std::this_thread::sleep_for(kNap);
        return true;
    }
    bool show() {
        last_ = Clock::now();
        const std::string text = screen_.show(analyser_.cut());
        return tell(stdout, terminal_ ? "\033[H\033[J" + text : text + "\n");
    }

    const CommandLine& line_;
    const std::string& path_;
    analysis::Analyser analyser_;
    analysis::LiveScreen screen_;
    const std::chrono::duration<double> interval_;
    const bool terminal_;
    bool told_ = true;  // standard output takes what is written to it
    Clock::time_point last_ = Clock::now();
};

}  // namespace

int live(const CommandLine& line) {
    return Live(line).run();
}

}  // namespace nvme_trace
