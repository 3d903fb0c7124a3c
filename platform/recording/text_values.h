// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace platform {

/// A whole number in decimal digits, below 2^64; nothing else.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text, int base = 10);

/// A number of decimal digits with or without a fraction, times 10^`digits`; further digits of the
/// fraction are cut off. "1.5" with 3 digits is 1500.
[[nodiscard]] std::optional<std::uint64_t> decimal_number(std::string_view text, unsigned digits);

/// For messages: in single quotes, short, and printable.
[[nodiscard]] std::string quoted(std::string_view word);

[[nodiscard]] std::string_view without_blanks(std::string_view text);

/// What comes behind `label` in the text, up to a blank, a comma or a closing parenthesis. Nothing:
/// there is no such label, or nothing behind it. A label stands at the beginning, or behind a blank
/// or an opening parenthesis.
[[nodiscard]] std::optional<std::string_view> labelled(std::string_view text,
                                                       std::string_view label);

/// A line in pieces, without the blanks around them. A blank as separator is any number of them.
class Columns {
public:
    static constexpr std::size_t kMost = 24;

    Columns(std::string_view line, char separator);
    /// How many there are; more than kMost is that and one, and the rest of them is not kept.
    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] std::string_view operator[](std::size_t i) const { return column_[i]; }

private:
    std::array<std::string_view, kMost + 1> column_;
    std::size_t count_ = 0;
};

}  // namespace platform
