// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <charconv>
#include <cstddef>
#include <istream>
#include <string_view>

#include "traces/analysis/vcd_text.h"

namespace analysis {

/// The words of a VCD file, and what was first found wrong with it.
class VcdWords {
public:
    /// Of a name with its scopes, and of a comment; what is longer is nobody's.
    static constexpr std::size_t kLongestName = 1024;

    explicit VcdWords(std::istream& file) : text_(file) {}

    /// False: there is no word any more; problem() says why, if it is not just the end.
    bool take(std::string_view& word) {
        word = text_.word();
        if (word.empty()) problem_ = text_.problem();
        return !word.empty();
    }
    /// Up to $end; calls each(word).
    template <typename Each>
    bool rest(Each each) {
        for (std::string_view word; take(word);) {
            if (word == "$end") return true;
            each(word);
        }
        return problem_ != nullptr ? false : fail("the file ends before an $end");
    }
    /// Returns false.
    bool fail(const char* problem) {
        problem_ = problem;
        return false;
    }
    /// Null while all is well.
    [[nodiscard]] const char* problem() const { return problem_; }
    [[nodiscard]] std::uint64_t line() const { return text_.line(); }

private:
    VcdText text_;
    const char* problem_ = nullptr;
};

/// A number that is all of the text.
template <typename Number>
bool parse_number(std::string_view text, Number& value) {
    const char* const behind = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), behind, value);
    return error == std::errc{} && end == behind;
}

}  // namespace analysis
