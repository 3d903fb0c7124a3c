// SPDX-License-Identifier: Apache-2.0
#include "platform/config/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace platform {

namespace {

/// Insertions, deletions and replacements that turn one text into the other, row by row.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& names) {
    constexpr std::size_t kLongestName = 64;  // the effort grows with the product of both lengths
    if (name.empty() || name.size() > kLongestName) return {};
    std::string_view best;
    std::size_t least = 1 + std::max<std::size_t>(2, name.size() / 3);
    for (const std::string_view candidate : names) {
        const std::size_t distance = edit_distance(name, candidate);
        if (distance >= least) continue;
        least = distance;
        best = candidate;
    }
    return best;
}

std::string suggestion(std::string_view name, const std::vector<std::string_view>& names) {
    const std::string_view best = nearest_name(name, names);
    return best.empty() ? std::string{} : "; did you mean \"" + std::string{best} + "\"?";
}

}  // namespace platform
