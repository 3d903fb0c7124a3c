// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace util {

/// Columns of text for people: words are aligned at the left, figures at the right, and columns are
/// two blanks apart. A column is as wide as what is in it.
class TextTable {
public:
    using Row = std::vector<std::string>;

    /// The first `words` columns are words.
    explicit TextTable(std::size_t words) : words_(words) {}

    void add(Row row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// Rows in the order in which they came, without blanks at their ends; `indent` before each.
    [[nodiscard]] std::string text(const std::string& indent = {}) const {
        std::vector<std::size_t> widths;
        for (const Row& row : rows_) {
            widths.resize(std::max(widths.size(), row.size()));
            for (std::size_t i = 0; i < row.size(); ++i)
                widths[i] = std::max(widths[i], row[i].size());
        }
        std::string text;
        for (const Row& row : rows_) {
            std::string line = indent;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::string blanks(widths[i] - row[i].size(), ' ');
                line += (i == 0 ? "" : "  ") + (i < words_ ? row[i] + blanks : blanks + row[i]);
            }
            line.erase(line.find_last_not_of(' ') + 1);
            text += line + '\n';
        }
        return text;
    }

private:
    const std::size_t words_;
    std::vector<Row> rows_;
};

}  // namespace util
