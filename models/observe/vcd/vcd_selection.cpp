// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_selection.h"

#include <algorithm>

#include "models/util/text_part.h"

namespace observe {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// Each * takes as little as it can, and more when the rest does not fit.
bool fits(std::string_view pattern, std::string_view name) {
    std::size_t p = 0, n = 0, star = pattern.npos, taken = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = n;
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            ++p;
            ++n;
        } else if (star != pattern.npos) {
            p = star + 1;
            n = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

bool part_matches(std::string_view pattern, std::string_view part) {
    if (pattern.empty() || !std::all_of(pattern.begin(), pattern.end(), is_digit))
        return fits(pattern, part);
    const auto number = std::find_if_not(part.rbegin(), part.rend(), is_digit).base();
    return part.substr(static_cast<std::size_t>(number - part.begin())) == pattern;
}

}  // namespace

VcdSelection::VcdSelection(std::string_view patterns) {
    while (!patterns.empty())
        if (const std::string_view p = trimmed(util::take_part(patterns, ',')); !p.empty())
            patterns_.emplace_back(p);
}

bool VcdSelection::matches(std::string_view pattern, std::string_view name) {
    while (!pattern.empty()) {
        if (name.empty()) return false;
        if (!part_matches(util::take_part(pattern, '.'), util::take_part(name, '.'))) return false;
    }
    return true;
}

bool VcdSelection::has(std::string_view scope, std::string_view name) const {
    const std::string full = std::string(scope) + "." + std::string(name);
    return patterns_.empty() ||
           std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
               return matches(pattern, name) || matches(pattern, full);
           });
}

}  // namespace observe
