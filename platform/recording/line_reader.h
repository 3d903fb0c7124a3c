// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "platform/recording/recording_reader.h"
#include "platform/recording/text_values.h"

namespace platform {

/// A recording of lines. Lines may end as on Windows; the last one may lack its end; a byte order
/// mark and empty lines do not count. A line that is too long, or has a null byte, is damage.
class LineReader : public RecordingReader {
public:
    static constexpr std::size_t kLongestLine = 4095;

    explicit LineReader(std::istream& stream) : stream_(stream) {}

protected:
    /// Of a line that is neither empty nor too long; without its end.
    enum class Line : std::uint8_t {
        kRequest,
        kCompletion,
        kNothing,  ///< right, but nothing for the replay
        kDamage    ///< damaged() said what
    };
    [[nodiscard]] virtual Line understand(std::string_view line, Recorded& recorded) = 0;

    /// The line says what the columns mean: it is the first, and these are its words, in any case.
    [[nodiscard]] bool is_header(std::string_view line, std::string_view words) const;
    Line wrong(std::string problem, std::string allowed);
    Line wrong_columns(std::size_t count, std::string_view form);
    /// A whole number of `unit`s that fits into 64 bits. False, with damage, for anything else.
    [[nodiscard]] bool number(std::string_view text, const char* column, std::uint64_t unit,
                              std::uint64_t& value);
    /// A number that may have a fraction, in units of which it has 10^`digits`.
    [[nodiscard]] bool decimal(std::string_view text, const char* column, unsigned digits,
                               std::uint64_t& value);

private:
    [[nodiscard]] Step read(Recorded& recorded) final;
    /// Nothing: there is a line. Otherwise kEnd or kDamage.
    [[nodiscard]] std::optional<Step> read_line();

    std::istream& stream_;
    std::array<char, kLongestLine + 1> buffer_{};
    std::string_view text_;
    std::uint64_t line_ = 0;
    bool too_long_ = false;  // the rest of the line is still to be read
    bool broken_ = false;    // nobody knows where the next line is
};

}  // namespace platform
