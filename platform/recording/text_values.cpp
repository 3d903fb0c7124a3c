// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/text_values.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "platform/workload/units.h"

namespace platform {

namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text, int base) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, result] = std::from_chars(text.data(), end, value, base);
    if (result != std::errc{} || rest != end) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> decimal_number(std::string_view text, unsigned digits) {
    const std::size_t point = text.find('.');
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    std::optional<std::uint64_t> value = whole_number(text.substr(0, point));
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!value || !std::all_of(fraction.begin(), fraction.end(), is_digit)) return std::nullopt;
    for (unsigned i = 0; i < digits; ++i) {
        const unsigned digit = i < fraction.size() ? static_cast<unsigned>(fraction[i] - '0') : 0;
        if (*value > (kMost - digit) / 10) return std::nullopt;
        value = *value * 10 + digit;
    }
    return value;
}

std::string quoted(std::string_view word) {
    return "'" + printable(word) + "'";
}

std::string_view without_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    const std::size_t last = text.find_last_not_of(kBlanks);
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::optional<std::string_view> labelled(std::string_view text, std::string_view label) {
    for (std::size_t at = text.find(label); at != std::string_view::npos;
         at = text.find(label, at + 1)) {
        if (at != 0 && text[at - 1] != ' ' && text[at - 1] != '(') continue;
        std::string_view rest = text.substr(at + label.size());
        rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
        rest = rest.substr(0, rest.find_first_of(" ,)"));
        if (!rest.empty()) return rest;
    }
    return std::nullopt;
}

Columns::Columns(std::string_view line, char separator) {
    if (separator == ' ') {
        for (line = without_blanks(line); !line.empty() && count_ <= kMost;
             line = without_blanks(line)) {
            column_[count_] = line.substr(0, line.find_first_of(kBlanks));
            line.remove_prefix(column_[count_++].size());
        }
        return;
    }
    for (;;) {
        const std::size_t end = line.find(separator);
        column_[count_++] = without_blanks(line.substr(0, end));
        if (end == std::string_view::npos || count_ > kMost) return;
        line.remove_prefix(end + 1);
    }
}

}  // namespace platform
