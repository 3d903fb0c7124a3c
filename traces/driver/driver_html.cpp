// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/report_cells.h"
#include "traces/driver/report_forms.h"

namespace driver {

namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Driver report</title>
<style>
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #c0262d; --dim: #777; }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff7b72; --dim: #999; } }
body { font: 15px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .2em .8em .2em 0; text-align: left; }
td.number { text-align: right; }
.done { color: var(--good); }
.WRONG { color: var(--bad); font-weight: bold; }
.other { color: var(--dim); }
</style>
</head>
<body>
)";

/// Verdicts have colours, numbers are at the right.
std::string cell(const std::string& text, bool word) {
    if (!word) return "<td class=\"number\">" + escaped(text) + "</td>";
    for (std::size_t i = 0; i < kVerdicts; ++i) {
        const std::string_view known = word_of(static_cast<Verdict>(i));
        if (text != known) continue;
        const bool coloured = text == "done" || text == "WRONG";
        return "<td class=\"" + (coloured ? text : std::string("other")) + "\">" + text + "</td>";
    }
    return "<td>" + escaped(text) + "</td>";
}

}  // namespace

std::string driver_html(const DriverReport& report) {
    std::string page(kHead);
    page += "<h1>Driver report</h1>\n<p>" + escaped(summary_of(report)) + "</p>\n";
    if (const std::string never = report.never_exercised(); !never.empty())
        page +=
            "<p>Every driver needs, and this one was never put to: " + escaped(never) + "</p>\n";
    if (!report.note.empty()) page += "<p>" + escaped(report.note) + "</p>\n";
    for (const Cells& cells : cells_of(report)) {
        if (cells.rows.empty()) continue;
        page += "<h2>" + escaped(cells.title) + "</h2>\n<table>\n<tr>";
        for (const std::string& name : cells.head) page += "<th>" + escaped(name) + "</th>";
        page += "</tr>\n";
        for (const auto& row : cells.rows) {
            page += "<tr>";
            for (std::size_t i = 0; i < row.size(); ++i) page += cell(row[i], i < cells.words);
            page += "</tr>\n";
        }
        page += "</table>\n";
    }
    return page + "</body>\n</html>\n";
}

}  // namespace driver
