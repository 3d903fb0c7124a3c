// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "models/util/text_table.h"

namespace analysis {

/// Figures for a terminal, behind a line of their names: the first column is words.
class Table {
public:
    explicit Table(std::vector<std::string> head) { table_.add(std::move(head)); }
    void add(std::vector<std::string> row) {
        table_.add(std::move(row));
        empty_ = false;
    }
    [[nodiscard]] std::string text() const { return table_.text("  "); }
    [[nodiscard]] bool empty() const { return empty_; }

private:
    util::TextTable table_{1};
    bool empty_ = true;
};

/// One character of a growing height for each of `columns` parts of the values, from 0 to the
/// greatest.
[[nodiscard]] std::string sparkline(const std::vector<double>& values, std::size_t columns);

}  // namespace analysis
