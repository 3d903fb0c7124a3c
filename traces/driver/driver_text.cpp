// SPDX-License-Identifier: Apache-2.0
#include "models/util/text_table.h"
#include "traces/driver/report_cells.h"
#include "traces/driver/report_forms.h"

namespace driver {

std::string driver_text(const DriverReport& report) {
    std::string text = summary_of(report) + "\n";
    if (const std::string never = report.never_exercised(); !never.empty())
        text += "every driver needs, and this one was never put to: " + never + "\n";
    if (!report.note.empty()) text += "note: " + report.note + "\n";
    if (!report.details)
        text += "note: without --trace_detail all a trace does not show what the driver reads\n";
    for (const Cells& cells : cells_of(report)) {
        if (cells.rows.empty()) continue;
        util::TextTable table(cells.words);
        table.add(cells.head);
        for (const auto& row : cells.rows) table.add(row);
        text += "\n" + cells.title + "\n" + table.text("  ");
    }
    return text;
}

}  // namespace driver
