// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/report_text.h"

#include <algorithm>
#include <numeric>

#include "models/nvme/spec/command_formats.h"
#include "traces/analysis/story.h"
#include "traces/analysis/table.h"
#include "traces/analysis/words.h"

namespace analysis {

namespace {

constexpr std::size_t kMostMarks = 30;
constexpr std::size_t kMostStories = 3;
constexpr std::size_t kSparks = 60;

std::string known_ns(double ns) {
    return ns < 0 ? "-" : in_ns(ns);
}

/// "1.234 ms" since the begin of the simulation, to the nanosecond.
std::string at(util::TimePs ps) {
    return fixed(static_cast<double>(ps) / 1e9, 6) + " ms";
}

double mean(const std::vector<double>& values) {
    return values.empty() ? 0
                          : std::accumulate(values.begin(), values.end(), 0.0) /
                                static_cast<double>(values.size());
}

std::string head(const Analysis& a) {
    const auto io = std::count_if(a.commands.begin(), a.commands.end(),
                                  [](const Command& c) { return c.is_io(); });
    std::string text =
        a.file + ": " + std::to_string(a.events) + " events, " + std::to_string(io) + " I/O and " +
        std::to_string(a.commands.size() - static_cast<std::size_t>(io)) + " admin commands in " +
        in_time(a.end_ps - a.begin_ps) + (a.details ? ", with details\n" : "\n");
    if (!a.note.empty()) text += "note: " + a.note + "\n";
    return text;
}

std::string latencies(const Analysis& a) {
    Table table({"latency", "count", "errors", "min", "mean", "p50", "p99", "p99.9", "max"});
    for (const Group& g : a.groups)
        table.add({g.by == "all" ? g.key : g.by + " " + g.key, std::to_string(g.count),
                   std::to_string(g.errors), in_time(g.min_ps), in_ns(g.mean_ns),
                   in_time(g.percentiles[0]), in_time(g.percentiles[2]), in_time(g.percentiles[3]),
                   in_time(g.max_ps)});
    return table.empty() ? std::string{} : "\n" + table.text();
}

std::string stages(const Analysis& a) {
    std::vector<std::string> names{"mean of a stage"};
    for (const std::string_view name : kStageNames) names.emplace_back(name);
    Table table(std::move(names));
    for (const Group& g : a.groups) {
        if (g.by != "all" && g.by != "opcode" && g.by != "queue") continue;
        std::vector<std::string> row{g.by == "all" ? g.key : g.by + " " + g.key};
        for (const double ns : g.stage_mean_ns) row.push_back(known_ns(ns));
        table.add(std::move(row));
    }
    return table.empty() ? std::string{} : "\n" + table.text();
}

std::string queues(const Analysis& a) {
    Table table({"queue", "of", "entries", "commands", "most in flight", "doorbells/command",
                 "interrupts/command"});
    for (const auto& [sqid, q] : a.queues) {
        const double commands = std::max<double>(1, static_cast<double>(q.commands));
        table.add({"sq " + std::to_string(q.sqid),
                   "cq " + (q.cqid ? std::to_string(*q.cqid) : std::string("-")),
                   std::to_string(q.size), std::to_string(q.commands),
                   std::to_string(q.most_in_flight),
                   fixed(static_cast<double>(q.doorbells) / commands, 2),
                   q.interrupts ? fixed(static_cast<double>(*q.interrupts) / commands, 2) : "-"});
    }
    return table.empty() ? std::string{} : "\n" + table.text();
}

std::string load(const Analysis& a) {
    const Group* const all = all_io(a);
    const Phase* const run = phase(a, "run");
    if (all == nullptr || run == nullptr || run->end_ps <= run->begin_ps) return {};
    const double seconds = static_cast<double>(run->end_ps - run->begin_ps) / 1e12;
    return fixed(a.little.iops, 0) + " IOPS, " +
           fixed(static_cast<double>(all->bytes) / seconds / 1e6, 1) + " MB/s, depth " +
           fixed(a.little.mean_depth, 2) + " over " + in_time(run->end_ps - run->begin_ps) + "\n";
}

std::string little(const Analysis& a) {
    const Little& l = a.little;
    if (l.mean_depth <= 0) return {};
    return "Little's law: " + fixed(l.iops, 0) + " IOPS x " + in_ns(l.mean_latency_ns) + " = " +
           fixed(l.product, 2) + ", the queues were " + fixed(l.mean_depth, 2) + " deep: off by " +
           fixed(l.off_by * 100, 2) + " %\n";
}

std::string spark(const char* name, const std::vector<double>& values, const char* unit,
                  double scale, int digits) {
    if (values.empty()) return {};
    const double most = *std::max_element(values.begin(), values.end());
    if (most <= 0) return {};
    std::string label(name);
    label.resize(11, ' ');
    return "  " + label + sparkline(values, kSparks) + "  mean " +
           fixed(mean(values) * scale, digits) + ", most " + fixed(most * scale, digits) + unit +
           "\n";
}

std::string sparks(const Analysis& a) {
    const Series& s = a.series;
    return spark("IOPS", s.iops, "", 1, 0) + spark("read", s.read_mb_s, " MB/s", 1, 1) +
           spark("write", s.write_mb_s, " MB/s", 1, 1) + spark("depth", s.depth, "", 1, 1) +
           spark("link up", s.link_up, " %", 100, 0) +
           spark("link down", s.link_down, " %", 100, 0) + spark("media", s.media, " %", 100, 0) +
           spark("decoder", s.decoder, " %", 100, 0);
}

/// A character for each channel or die, or for a few of them, and which is busiest.
std::string units(const char* name, const std::vector<double>& use) {
    if (use.empty()) return {};
    std::string line = spark(name, use, " %", 100, 0);
    if (line.empty()) return {};
    const auto most = std::max_element(use.begin(), use.end()) - use.begin();
    line.insert(line.size() - 1, " (" + std::to_string(most) + ")");
    return line;
}

std::string flash(const Analysis& a) {
    const std::string text = units("channels", a.use.channels) + units("dies", a.use.dies);
    return text.empty() ? text : "\nhow busy, by number\n" + text;
}

std::string marks(const Analysis& a) {
    if (a.marks.empty()) return {};
    std::string text = "\nmarks\n";
    for (std::size_t i = 0; i < std::min(a.marks.size(), kMostMarks); ++i)
        text += "  " + at(a.marks[i].ps) + "  " + a.marks[i].kind + ": " + a.marks[i].text + "\n";
    const std::uint64_t more =
        a.marks_left_out + a.marks.size() - std::min(a.marks.size(), kMostMarks);
    if (more != 0) text += "  ... and " + std::to_string(more) + " more\n";
    return text;
}

std::string stories(const Analysis& a) {
    std::string text;
    for (std::size_t i = 0; i < std::min(a.slowest.size(), kMostStories); ++i) {
        const Story& story = a.slowest[i];
        text += "\nslowest " + std::to_string(i + 1) + ": " +
                in_time(a.commands[story.index].latency_ps()) + ", " +
                describe(a.commands[story.index]) + "\n";
        for (const StoryLine& line : story.lines)
            text += "  " + at(line.ps) + "  " + line.text + "\n";
    }
    return text;
}

}  // namespace

std::string report_text(const Analysis& a) {
    return head(a) + load(a) + "limit: " + a.limits + "\n" + little(a) + latencies(a) + stages(a) +
           queues(a) + flash(a) + "\nover time\n" + sparks(a) + marks(a) + stories(a);
}

std::string stats_text(const Analysis& a) {
    std::string text = head(a) + load(a);
    if (const Group* const all = all_io(a))
        text += "latency: mean " + in_ns(all->mean_ns) + ", p50 " + in_time(all->percentiles[0]) +
                ", p99 " + in_time(all->percentiles[2]) + ", p99.99 " +
                in_time(all->percentiles[4]) + ", max " + in_time(all->max_ps) + ", " +
                std::to_string(all->errors) + " errors\n";
    text += sparks(a) + "limit: " + a.limits + "\n";
    if (!a.findings.empty())
        text += std::to_string(a.findings.size()) +
                " lint findings, the first: " + a.findings.front().rule + ": " +
                a.findings.front().text + "\n";
    return text;
}

std::string commands_text(const Analysis& a, const std::vector<std::size_t>& which) {
    Table table({"fetched", "queue", "cid", "command", "nsid", "slba", "blocks", "latency",
                 "longest stage", "status"});
    for (const std::size_t i : which) {
        const Command& c = a.commands[i];
        const auto longest = static_cast<std::size_t>(
            std::max_element(c.stage_ns.begin(), c.stage_ns.end()) - c.stage_ns.begin());
        const bool known = c.stage_ns[longest] >= 0;
        table.add({at(c.fetched_ps), std::to_string(c.sqid), std::to_string(c.cid),
                   std::string(nvme::spec::command_name(c.sqid, c.opcode)), std::to_string(c.nsid),
                   c.blocks == 0 ? "-" : std::to_string(c.slba), std::to_string(c.blocks),
                   c.completed() ? in_time(c.latency_ps()) : "never",
                   known ? std::string(kStageNames[longest]) + " " +
                               in_ns(static_cast<double>(c.stage_ns[longest]))
                         : "-",
                   c.completed() ? hex(c.status) : "-"});
    }
    return table.text();
}

}  // namespace analysis
