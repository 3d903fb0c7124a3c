// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/line_reader.h"

#include <cctype>
#include <limits>
#include <utility>

#include "platform/config/input_file.h"

namespace platform {

namespace {

std::string lower(std::string_view text) {
    std::string result;
    for (const char c : text)
        if (c != ' ') result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

}  // namespace

RecordingReader::Step LineReader::read(Recorded& recorded) {
    for (;;) {
        const std::optional<Step> other = read_line();
        recorded = {};
        recorded.place = line_;
        if (other) return *other;
        if (text_.empty()) continue;
        switch (understand(text_, recorded)) {
            case Line::kRequest:
                return Step::kRequest;
            case Line::kCompletion:
                return Step::kCompletion;
            case Line::kDamage:
                return Step::kDamage;
            case Line::kNothing:
                break;
        }
    }
}

std::optional<RecordingReader::Step> LineReader::read_line() {
    if (broken_) return Step::kEnd;
    if (std::exchange(too_long_, false)) {
        stream_.clear(stream_.rdstate() & ~std::ios::failbit);
        stream_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
    stream_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    auto length = static_cast<std::size_t>(stream_.gcount());
    broken_ = stream_.bad();
    if (!broken_ && stream_.fail() && length == 0) return Step::kEnd;
    ++line_;
    if (broken_)
        return damaged("cannot be read: the file, or what is compressed in it, is damaged", "");
    too_long_ = stream_.fail();
    if (too_long_)
        return damaged("is longer than " + std::to_string(kLongestLine) + " characters", "");
    if (!stream_.eof()) --length;  // gcount() includes the line end
    text_ = {buffer_.data(), length};
    if (text_.find('\0') != std::string_view::npos) return damaged("has a null byte", "text");
    if (line_ == 1 && text_.substr(0, kByteOrderMark.size()) == kByteOrderMark)
        text_.remove_prefix(kByteOrderMark.size());
    text_ = without_blanks(text_);
    return std::nullopt;
}

bool LineReader::is_header(std::string_view line, std::string_view words) const {
    return line_ == 1 && lower(line) == lower(words);
}

LineReader::Line LineReader::wrong(std::string problem, std::string allowed) {
    damaged(std::move(problem), std::move(allowed));
    return Line::kDamage;
}

LineReader::Line LineReader::wrong_columns(std::size_t count, std::string_view form) {
    const std::string most = std::to_string(Columns::kMost);
    const std::string number = count > Columns::kMost ? "more than " + most : std::to_string(count);
    return wrong("has " + number + (count == 1 ? " column" : " columns"), std::string{form});
}

bool LineReader::number(std::string_view text, const char* column, std::uint64_t unit,
                        std::uint64_t& value) {
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / unit;
    const std::optional<std::uint64_t> found = whole_number(text);
    if (found && *found <= most) {
        value = *found * unit;
        return true;
    }
    damaged(std::string{column} + " = " + quoted(text) + " is no number that can be meant",
            "0 to " + std::to_string(most));
    return false;
}

bool LineReader::decimal(std::string_view text, const char* column, unsigned digits,
                         std::uint64_t& value) {
    if (const std::optional<std::uint64_t> found = decimal_number(text, digits)) {
        value = *found;
        return true;
    }
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    for (unsigned i = 0; i < digits; ++i) most /= 10;
    damaged(std::string{column} + " = " + quoted(text) + " is no number that can be meant",
            "0 to " + std::to_string(most) + ", with a fraction or without");
    return false;
}

}  // namespace platform
