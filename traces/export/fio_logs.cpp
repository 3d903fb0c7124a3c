// SPDX-License-Identifier: Apache-2.0
#include "traces/export/fio_logs.h"

#include <algorithm>
#include <map>

#include "traces/export/block_command.h"

namespace analysis {

namespace {

struct Line {
    util::TimePs end;
    std::uint64_t slat_ns, clat_ns;
    BlockCommand command;
};

/// "time in ms, value, direction, block size, offset, priority"
template <typename Value>
std::string log_of(const std::vector<Line>& lines, util::TimePs begin, Value value) {
    std::string text;
    for (const Line& line : lines)
        text += std::to_string((line.end - begin) / util::kPsPerMs) + ", " +
                std::to_string(value(line)) + (line.command.write ? ", 1, " : ", 0, ") +
                std::to_string(line.command.bytes) + ", " + std::to_string(line.command.offset) +
                ", 0\n";
    return text;
}

/// In kilobytes a second, of the one command.
std::uint64_t bandwidth(const Line& line) {
    return line.command.bytes * 1'000'000 / std::max<std::uint64_t>(line.clat_ns, 1);
}

}  // namespace

std::vector<NamedText> fio_logs(const Analysis& analysis, const std::string& name,
                                std::uint32_t block_bytes) {
    std::map<std::uint16_t, std::vector<Line>> queues;
    util::TimePs begin = util::kNever;
    for (const Command& command : analysis.commands) {
        const auto block = block_command(command, block_bytes);
        if (!block) continue;
        begin = std::min(begin, command.begin_ps);
        queues[command.sqid].push_back({command.end_ps,
                                        (command.fetched_ps - command.begin_ps) / util::kPsPerNs,
                                        command.latency_ps() / util::kPsPerNs, *block});
    }
    std::vector<NamedText> logs;
    for (auto& [sqid, lines] : queues) {
        std::stable_sort(lines.begin(), lines.end(),
                         [](const Line& a, const Line& b) { return a.end < b.end; });
        const auto add = [&, queue = sqid, &of = lines](const char* what, auto value) {
            logs.push_back({name + "_" + what + "." + std::to_string(queue) + ".log",
                            log_of(of, begin, value)});
        };
        add("lat", [](const Line& line) { return line.slat_ns + line.clat_ns; });
        add("slat", [](const Line& line) { return line.slat_ns; });
        add("clat", [](const Line& line) { return line.clat_ns; });
        add("bw", bandwidth);
        add("iops", [](const Line&) { return 1; });
    }
    return logs;
}

}  // namespace analysis
