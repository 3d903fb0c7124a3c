// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/units.h"

#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace platform {

namespace {

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int digit_value(char c, unsigned base) {
    c = lower(c);
    const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
    return value < static_cast<int>(base) ? value : -1;
}

struct Digits {
    std::uint64_t value = 0;
    std::string suffix;  // lower case
};

std::variant<Digits, std::string> split_digits(std::string_view text) {
    if (text.empty()) return "a value is missing";
    if (text.front() == '(') return "expressions in parentheses are not supported";
    if (text.front() == '$') return "variables are not supported";
    unsigned base = 10;
    std::size_t at = 0;
    if (text.size() > 2 && text[0] == '0' && lower(text[1]) == 'x') {
        base = 16;
        at = 2;
    }
    Digits result;
    const std::size_t first = at;
    for (; at < text.size() && digit_value(text[at], base) >= 0; ++at) {
        const auto digit = static_cast<std::uint64_t>(digit_value(text[at], base));
        if (result.value > (kMax - digit) / base) return "is larger than 2^64 - 1";
        result.value = result.value * base + digit;
    }
    if (at == first) return "is not a number";
    for (const char c : text.substr(at)) result.suffix += lower(c);
    return result;
}

/// The factor of "k", "ki", "kb", "kib", "b" and so on; empty when there is no such unit.
std::optional<std::uint64_t> size_factor(std::string_view suffix, unsigned kb_base) {
    if (!suffix.empty() && suffix.back() == 'b') suffix.remove_suffix(1);
    if (suffix.empty()) return 1;
    const std::size_t power = std::string_view{"kmgtp"}.find(suffix.front());
    if (power == std::string_view::npos) return std::nullopt;
    suffix.remove_prefix(1);
    const bool with_i = suffix == "i";
    if (!suffix.empty() && !with_i) return std::nullopt;
    const std::uint64_t step = (kb_base == 1024) != with_i ? 1024 : 1000;
    std::uint64_t factor = step;
    for (std::size_t i = 0; i < power; ++i) factor *= step;
    return factor;
}

std::optional<std::uint64_t> time_factor(std::string_view suffix, util::TimePs default_unit) {
    constexpr util::TimePs minute = 60 * util::kPsPerS;
    constexpr std::array<std::pair<std::string_view, util::TimePs>, 11> units{
        {{"ps", 1},
         {"ns", util::kPsPerNs},
         {"us", util::kPsPerUs},
         {"usec", util::kPsPerUs},
         {"ms", util::kPsPerMs},
         {"msec", util::kPsPerMs},
         {"s", util::kPsPerS},
         {"sec", util::kPsPerS},
         {"m", minute},
         {"h", 60 * minute},
         {"d", 24 * 60 * minute}}};
    if (suffix.empty()) return default_unit;
    for (const auto& [name, size] : units) {
        if (suffix == name) return size;
    }
    return std::nullopt;
}

ParsedNumber scale(const Digits& digits, std::optional<std::uint64_t> factor,
                   std::string_view limit) {
    if (!factor) return "'" + printable(digits.suffix) + "' is not a unit";
    if (digits.value > kMax / *factor) return "is larger than " + std::string{limit};
    return digits.value * *factor;
}

}  // namespace

ParsedNumber parse_number(std::string_view text, unsigned kb_base) {
    const auto digits = split_digits(text);
    if (const auto* problem = std::get_if<std::string>(&digits)) return *problem;
    const Digits& found = std::get<Digits>(digits);
    return scale(found, size_factor(found.suffix, kb_base), "2^64 - 1");
}

ParsedNumber parse_time(std::string_view text, util::TimePs default_unit) {
    const auto digits = split_digits(text);
    if (const auto* problem = std::get_if<std::string>(&digits)) return *problem;
    const Digits& found = std::get<Digits>(digits);
    return scale(found, time_factor(found.suffix, default_unit), "213 days (2^64 ps)");
}

std::string printable(std::string_view text) {
    constexpr std::size_t limit = 60;
    std::string result;
    for (const char c : text.substr(0, limit)) result += c >= ' ' && c <= '~' ? c : '?';
    if (text.size() > limit) result += "...";
    return result;
}

}  // namespace platform
