// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/live_screen.h"

#include <algorithm>
#include <map>

#include "traces/analysis/table.h"
#include "traces/analysis/words.h"

namespace analysis {

namespace {

/// Of a whole part, also of the time in which nothing was asked for.
double per_second(double amount, const Analysis& part) {
    const auto ps = static_cast<double>(part.end_ps - part.begin_ps);
    return ps > 0 ? amount * static_cast<double>(util::kPsPerS) / ps : 0;
}

/// Bytes of the commands that moved them, a second.
std::string bandwidth(const Analysis& part, const char* opcode) {
    std::uint64_t bytes = 0;
    for (const Group& group : part.groups)
        if (group.by == "opcode" && group.key == opcode) bytes = group.bytes;
    return fixed(per_second(static_cast<double>(bytes), part) / 1e6, 1) + " MB/s";
}

std::string load(const Analysis& part, const Group& all) {
    return "IOPS " + fixed(per_second(static_cast<double>(all.count), part), 0) + "  read " +
           bandwidth(part, "Read") + "  write " + bandwidth(part, "Write") + "  depth " +
           fixed(part.little.mean_depth, 1) + "\nlatency: mean " + in_ns(all.mean_ns) + ", p50 " +
           in_time(all.percentiles[0]) + ", p99 " + in_time(all.percentiles[2]) + ", p99.99 " +
           in_time(all.percentiles[4]) + ", max " + in_time(all.max_ps) + "\n";
}

std::string queues(const Analysis& part) {
    std::map<std::uint16_t, std::uint32_t> in_flight;
    for (const Command& command : part.commands)
        if (!command.completed()) ++in_flight[command.sqid];
    Table table({"queue", "entries", "in flight", "most", "IOPS", "mean", "p99", "max"});
    for (const auto& [sqid, facts] : part.queues) {
        std::vector<std::string> row{"sq " + std::to_string(sqid), std::to_string(facts.size),
                                     std::to_string(in_flight[sqid]),
                                     std::to_string(facts.most_in_flight)};
        const std::string key = std::to_string(sqid);
        for (const Group& group : part.groups)
            if (group.by == "queue" && group.key == key)
                row.insert(row.end(), {fixed(per_second(static_cast<double>(group.count), part), 0),
                                       in_ns(group.mean_ns), in_time(group.percentiles[2]),
                                       in_time(group.max_ps)});
        row.resize(8, "-");
        table.add(std::move(row));
    }
    return table.empty() ? std::string{} : table.text();
}

}  // namespace

void LiveScreen::count(const Analysis& part) {
    if (const Group* const all = all_io(part)) {
        commands_ += all->count;
        errors_ += all->errors;
    }
    findings_ += part.findings.size();
    if (!part.findings.empty())
        last_finding_ = part.findings.back().rule + ": " + part.findings.back().text;
}

std::string LiveScreen::show(const Analysis& part) {
    count(part);
    std::string text = file_ + ": " + in_time(part.end_ps) + " of the simulation, " +
                       in_time(part.end_ps - part.begin_ps) + " of them shown here; " +
                       std::to_string(commands_) + " I/O commands so far, " +
                       std::to_string(errors_) + " errors\n";
    const Group* const all = all_io(part);
    text += all == nullptr ? "no I/O command has completed\n" : load(part, *all);
    text += queues(part);
    if (all != nullptr) text += "limit: " + part.limits + "\n";
    if (!part.note.empty()) text += "note: " + part.note + "\n";
    if (findings_ != 0)
        text += std::to_string(findings_) + " lint findings, the last: " + last_finding_ + "\n";
    return text;
}

}  // namespace analysis
