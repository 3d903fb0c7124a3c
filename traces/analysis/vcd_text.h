// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <string_view>
#include <vector>

namespace analysis {

/// The words of a VCD file: a piece of it is in memory and moves on.
class VcdText {
public:
    /// Longer words are none: a value of so many bits is of no use to anybody here.
    static constexpr std::size_t kLongestWord = 64 * 1024;

    explicit VcdText(std::istream& file) : file_(file) {}

    /// The next word, which stays until the next call. Empty: the file has ended, or has something
    /// that is no text; problem() says which.
    std::string_view word() {
        for (;;) {
            const char* p = buffer_.data() + at_;
            const char* const behind = buffer_.data() + end_;
            while (p != behind && is_blank(*p)) ++p;
            const char* const begin = p;
            while (is_graphic(*p)) ++p;  // the byte behind the last is none
            at_ = static_cast<std::size_t>(begin - buffer_.data());
            const auto size = static_cast<std::size_t>(p - begin);
            if (p != behind || ended_ || size > kLongestWord) return taken(size);
            fill();
        }
    }
    /// Null: the file has just ended.
    [[nodiscard]] const char* problem() const { return problem_; }
    /// Of the last word, from 1.
    [[nodiscard]] std::uint64_t line() const;

private:
    static constexpr std::size_t kPiece = 1024 * 1024;

    static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
    static bool is_graphic(char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7f'; }
    void fill();
    std::string_view taken(std::size_t size) {
        if (size == 0 || size > kLongestWord) return none(size);
        at_ += size;
        return {buffer_.data() + at_ - size, size};
    }
    std::string_view none(std::size_t size);

    std::istream& file_;
    std::vector<char> buffer_ = std::vector<char>(1);
    std::size_t at_ = 0, end_ = 0;  // of what is there; behind it is a zero
    std::uint64_t lines_ = 0;       // that are over, before the buffer
    bool ended_ = false;
    const char* problem_ = nullptr;
};

}  // namespace analysis
