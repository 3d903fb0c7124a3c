// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/table.h"

#include <algorithm>
#include <string_view>

namespace analysis {

std::string sparkline(const std::vector<double>& values, std::size_t columns) {
    constexpr std::string_view kHeights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    if (values.empty()) return {};
    columns = std::min(columns, values.size());
    std::vector<double> parts(columns);
    for (std::size_t i = 0; i < columns; ++i) {
        const std::size_t begin = i * values.size() / columns;
        const std::size_t end = (i + 1) * values.size() / columns;
        for (std::size_t j = begin; j < end; ++j)
            parts[i] += values[j] / static_cast<double>(end - begin);
    }
    const double most = *std::max_element(parts.begin(), parts.end());
    std::string text;
    for (const double part : parts) {
        const double height = most > 0 ? part / most * 8 : 0;
        text += kHeights[std::clamp(static_cast<int>(height + 0.5), part > 0 ? 1 : 0, 8)];
    }
    return text;
}

}  // namespace analysis
