// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/report_cells.h"

#include <cmath>

#include "traces/analysis/words.h"

namespace driver {

namespace {

constexpr std::size_t kMostLivesShown = 20;

Cells items(const char* title, const std::vector<Item>& list) {
    Cells cells{title, {"", "what", "verdict", "how"}, {}, 4};
    for (const Item& item : list) {
        std::string how = item.outcome.how;
        if (how.empty() && !item.fault.empty() && item.outcome.verdict == Verdict::kNotExercised)
            how = "a fault plan can: " + std::string(item.fault);
        cells.rows.push_back({std::string(item.id), std::string(item.says),
                              std::string(word_of(item.outcome.verdict)), std::move(how)});
    }
    return cells;
}

Cells lint(const DriverReport& report) {
    Cells cells{"driver lint", {"rule", "what", "count", "first"}, {}, 4};
    for (const LintItem& item : report.lint)
        if (item.count != 0)
            cells.rows.push_back({std::string(item.rule) + (item.hint ? " (hint)" : ""),
                                  std::string(item.says), std::to_string(item.count), item.first});
    return cells;
}

Cells errors(const DriverReport& report) {
    Cells cells{
        "error paths",
        {"of", "ended as", "met", "aborted", "by a reset", "sent again", "then good", "left"},
        {},
        2};
    for (const ErrorPath& path : report.errors)
        cells.rows.push_back({path.io ? "I/O" : "admin", path.what, std::to_string(path.met),
                              std::to_string(path.aborted), std::to_string(path.reset),
                              std::to_string(path.sent_again), std::to_string(path.good_again),
                              std::to_string(path.left())});
    return cells;
}

std::string number(const Figure& figure) {
    if (!figure.known) return "unknown";
    const bool whole = figure.value == std::floor(figure.value);
    return analysis::fixed(figure.value, whole ? 0 : 3) +
           (figure.unit.empty() ? "" : " " + std::string(figure.unit));
}

Cells figures(const DriverReport& report) {
    Cells cells{"figures", {"", "value"}, {}, 1};
    for (const Figure& figure : report.figures)
        cells.rows.push_back({std::string(figure.says), number(figure)});
    return cells;
}

Cells queues(const DriverReport& report) {
    Cells cells{"queues",
                {"queue", "sq entries", "cq entries", "commands", "most in flight", "tails",
                 "heads", "cq wraps", "sq full"},
                {},
                1};
    for (const auto& [qid, queue] : report.queues)
        cells.rows.push_back({std::to_string(qid), std::to_string(queue.submission_entries),
                              std::to_string(queue.completion_entries),
                              std::to_string(queue.commands), std::to_string(queue.most_in_flight),
                              std::to_string(queue.tails), std::to_string(queue.heads),
                              std::to_string(queue.wraps), std::to_string(queue.full)});
    return cells;
}

Cells lives(const DriverReport& report) {
    Cells cells{"lives of the controller",
                {"life", "CC", "end", "enabled at", "ready after", "I/O queues"},
                {},
                3};
    for (std::size_t i = 0; i < report.lives.size() && i < kMostLivesShown; ++i) {
        const Life& life = report.lives[i];
        cells.rows.push_back(
            {std::to_string(i + 1), analysis::hex(life.cc.raw), end_of(life),
             analysis::in_time(life.enabled),
             life.was_ready() ? analysis::in_time(life.ready - life.enabled) : "never",
             std::to_string(life.submission_queues)});
    }
    if (report.life_count > cells.rows.size())
        cells.rows.push_back(
            {"... and " + std::to_string(report.life_count - cells.rows.size()) + " more"});
    return cells;
}

Cells usage(const DriverReport& report) {
    Cells cells{"what it used", {"of", "", "times", "errors"}, {}, 2};
    for (const UsageRow& row : report.usage)
        if (row.use.count != 0)
            cells.rows.push_back({std::string(row.group), row.name, std::to_string(row.use.count),
                                  std::to_string(row.use.errors)});
    return cells;
}

Cells never_used(const DriverReport& report) {
    Cells cells{"commands that it never used", {"of", ""}, {}, 2};
    for (const UsageRow& row : report.usage)
        if (row.use.count == 0) cells.rows.push_back({std::string(row.group), row.name});
    return cells;
}

/// The length of the character that begins here, or 0: XML has none such.
std::size_t character_at(std::string_view text, std::size_t i) {
    const auto byte = [&](std::size_t j) { return static_cast<unsigned char>(text[j]); };
    const unsigned char first = byte(i);
    if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' ? 1 : 0;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || i + length > text.size()) return 0;
    for (std::size_t j = i + 1; j < i + length; ++j)
        if ((byte(j) & 0xc0) != 0x80) return 0;
    // Overlong forms, surrogates, what lies beyond Unicode, and U+FFFE and U+FFFF.
    const unsigned char second = byte(i + 1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90))
        return 0;
    if (first == 0xef && second == 0xbf && byte(i + 2) >= 0xbe) return 0;
    return length;
}

}  // namespace

std::vector<Cells> cells_of(const DriverReport& report) {
    std::vector<Cells> all{items("initialization", report.initialization),
                           items("behaviours", report.behaviours),
                           lint(report),
                           errors(report),
                           figures(report),
                           queues(report),
                           lives(report),
                           usage(report),
                           never_used(report)};
    return all;
}

std::string summary_of(const DriverReport& report) {
    std::string text = report.file + ": " + std::to_string(report.events) + " events" +
                       (report.details ? ", with details" : "") + "; " +
                       std::to_string(report.wrong()) + " done wrong";
    for (const Verdict verdict : {Verdict::kDone, Verdict::kNotDone, Verdict::kNotExercised,
                                  Verdict::kUnknown, Verdict::kNotNeeded})
        text += ", " + std::to_string(report.with(verdict)) + " " + std::string(word_of(verdict));
    return text;
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = character_at(text, i);
        if (length == 0) {
            out += '?';
            ++i;
            continue;
        }
        switch (text[i]) {
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '&':
                out += "&amp;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out.append(text, i, length);
        }
        i += length;
    }
    return out;
}

}  // namespace driver
