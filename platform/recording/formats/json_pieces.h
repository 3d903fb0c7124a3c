// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <istream>
#include <string>

namespace platform {

/// A JSON object that is too large to be kept, piece by piece: its own numbers and words, and the
/// objects in the lists that it has. Other members are passed over. `{"rate": 5, "entries": [{...},
/// {...}]}` is three pieces.
class JsonPieces {
public:
    static constexpr std::size_t kLongestPiece = 65'536;
    static constexpr std::size_t kLongestValue = 20;  ///< of a number; the rest is cut off

    explicit JsonPieces(std::istream& stream) : stream_(stream) {}

    enum class Step : std::uint8_t { kObject, kValue, kEnd, kDamage };
    struct Piece {
        std::string name;  ///< of the member: "rate", "entries"
        std::string text;
        std::uint64_t at = 0;  ///< byte in the stream
    };
    [[nodiscard]] Step next(Piece& piece);
    [[nodiscard]] const char* problem() const { return problem_; }

private:
    [[nodiscard]] int get();
    Step damaged(const char* problem);
    /// The rest of a string, of which the quotation mark was read; false: it does not end.
    [[nodiscard]] bool read_string(std::string& text);
    /// The rest of an object or a list.
    [[nodiscard]] bool read_nested(std::string& text);

    std::istream& stream_;
    std::uint64_t at_ = 0;
    unsigned depth_ = 0;  // 1: in the object, 2: in one of its lists
    std::string name_;    // of the member that is being read
    std::string scalar_;  // its value, as far as it is a number
    const char* problem_ = "";
    bool ended_ = false;
};

}  // namespace platform
