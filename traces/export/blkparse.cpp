// SPDX-License-Identifier: Apache-2.0
#include "traces/export/blkparse.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <vector>

#include "traces/export/block_command.h"

namespace analysis {

namespace {

constexpr std::uint64_t kSectorBytes = 512;  // whatever the blocks are

struct Line {
    util::TimePs at;
    std::uint32_t command;
    char action;
};

}  // namespace

std::string blkparse_text(const Analysis& analysis, std::uint32_t block_bytes) {
    std::vector<Line> lines;
    for (std::size_t i = 0; i < analysis.commands.size(); ++i) {
        const Command& command = analysis.commands[i];
        if (!block_command(command, block_bytes)) continue;
        const auto index = static_cast<std::uint32_t>(i);
        lines.push_back({command.begin_ps, index, 'Q'});
        lines.push_back({command.fetched_ps, index, 'D'});
        lines.push_back({command.end_ps, index, 'C'});
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.at < b.at; });
    std::map<std::uint16_t, std::uint64_t> numbers;  // of lines, by queue
    std::string text;
    for (const Line& line : lines) {
        const Command& command = analysis.commands[line.command];
        const BlockCommand block = *block_command(command, block_bytes);
        const util::TimePs ns = (line.at - lines.front().at) / util::kPsPerNs;
        char row[200];
        std::snprintf(row, sizeof row,
                      "%3d,%-3u %2u %8" PRIu64 " %5" PRIu64 ".%09" PRIu64 " %5d %2c %3s %" PRIu64
                      " + %" PRIu64 " [%s]\n",
                      259, command.nsid - 1, command.sqid - 1u, ++numbers[command.sqid],
                      ns / 1'000'000'000, ns % 1'000'000'000, 0, line.action,
                      block.write ? "W" : "R", block.offset / kSectorBytes,
                      block.bytes / kSectorBytes, line.action == 'C' ? "0" : "nvme-vp");
        text += row;
    }
    return text;
}

}  // namespace analysis
