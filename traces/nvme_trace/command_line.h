// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "traces/analysis/ledger.h"

namespace nvme_trace {

inline constexpr int kGood = 0;
inline constexpr int kDifferent = 1;  ///< diff: beyond what is allowed; grep: nothing was found
inline constexpr int kUsage = 2;      ///< command line, or a file that cannot be read or written

enum class Action : unsigned char {
    kReport,
    kStats,
    kGrep,
    kDiff,
    kConvert,
    kLive,
    kHelp,
    kVersion,
};
enum class Format : unsigned char {
    kText,
    kCsv,
    kJson,
    kHtml,
    kBinary,
    kPerfetto,
    kSqlite,
    kFio,
    kBlkparse,
};

struct CommandLine {
    Action action = Action::kHelp;
    std::vector<std::string> files;
    std::string expression;           ///< grep
    std::string output = "-";         ///< "-": standard output
    Format format = Format::kText;    ///< report, convert
    std::optional<double> max_shift;  ///< diff: a fraction
    double interval_s = 1;            ///< live: between two screens
    bool once = false;                ///< live: one screen
    std::uint32_t block_bytes = 512;
    std::size_t most_commands = analysis::Options::kMostCommands;
    std::string scope;                  ///< of a waveform; empty: the first
    std::vector<std::string> problems;  ///< each a line; nothing else counts when there are any
};

[[nodiscard]] CommandLine parse_command_line(int argc, const char* const* argv);
[[nodiscard]] std::string help_text();

}  // namespace nvme_trace
