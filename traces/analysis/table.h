// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace analysis {

/// Columns of text for a terminal: the first is aligned at the left, the others at the right.
class Table {
public:
    explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool empty() const { return rows_.size() == 1; }

private:
    std::vector<std::vector<std::string>> rows_;
};

/// One character of a growing height for each of `columns` parts of the values, from 0 to the
/// greatest.
[[nodiscard]] std::string sparkline(const std::vector<double>& values, std::size_t columns);

}  // namespace analysis
