// SPDX-License-Identifier: Apache-2.0
#include "models/observe/text_reader.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/observe/text_trace.h"

namespace observe {

namespace {

/// Longer than any line of a TextTrace; a file without ends of lines is none.
constexpr std::size_t kLongestLine = 64 * 1024;

bool parse_number(std::string_view text, std::uint64_t& value) {
    int base = 10;
    if (text.substr(0, 2) == "0x") {
        base = 16;
        text.remove_prefix(2);
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// Visitor of an event's fields: takes them from the rest of a line, ` key=value ...`.
class Taker : public WithoutNotes {
public:
    explicit Taker(std::string_view fields) : fields_(fields) {}

    /// Empty while all is well.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    template <typename T>
    void dec(std::string_view key, T& field) {
        number(key, field, true);
    }
    template <typename T>
    void hex(std::string_view key, T& field) {
        number(key, field, true);
    }
    template <typename T>
    void hex_or_none(std::string_view key, T& field) {
        number(key, field, false);
    }
    void id_or_none(std::string_view key, std::uint32_t& field) {
        field = kNoId;
        number(key, field, false);
    }
    template <typename E>
    void word(std::string_view key, E& field) {
        const std::string_view value = need(key);
        if (problem_.empty() && !from_word(value, field)) wrong(key, value);
    }
    void either(std::string_view key, bool& flag, std::string_view no, std::string_view yes) {
        const std::string_view value = need(key);
        flag = value == yes;
        if (problem_.empty() && !flag && value != no) wrong(key, value);
    }
    void token(std::string_view key, std::string_view& field) { field = need(key); }
    void text(std::string_view key, std::string_view& field) { field = need(key); }

private:
    /// The value of a key, without quotes. Keys come in the order of the fields, so the search
    /// begins behind the last one that was found.
    [[nodiscard]] std::string_view find(std::string_view key) {
        for (std::string_view rest = fields_; !rest.empty();) {
            const std::size_t equals = rest.find('=');
            if (rest.front() != ' ' || equals == rest.npos) return {};
            const std::string_view name = rest.substr(1, equals - 1);
            std::string_view value = rest.substr(equals + 1);
            const bool quoted = !value.empty() && value.front() == '"';
            if (quoted) value.remove_prefix(1);
            const std::size_t end = value.find(quoted ? '"' : ' ');
            if (quoted && end == value.npos) return {};
            const std::string_view content = value.substr(0, end);
            rest = end == value.npos ? std::string_view{} : value.substr(quoted ? end + 1 : end);
            if (name == key) {
                fields_ = rest;
                return {content.data(), content.size()};
            }
        }
        return {};
    }
    [[nodiscard]] std::string_view need(std::string_view key) {
        const std::string_view value = find(key);
        if (value.data() == nullptr && problem_.empty())
            problem_ = std::string(key) + " is missing";
        return value;
    }
    template <typename T>
    void number(std::string_view key, T& field, bool needed) {
        const std::string_view text = needed ? need(key) : find(key);
        if (text.data() == nullptr) return;
        std::uint64_t value = 0;
        if (!parse_number(text, value) || value > most_of<T>()) return wrong(key, text);
        field = static_cast<T>(value);
    }
    void wrong(std::string_view key, std::string_view value) {
        if (problem_.empty())
            problem_ = std::string(key) + " = " + std::string(value.substr(0, 40)) +
                       ": is not a value of it";
    }

    std::string_view fields_;
    std::string problem_;
};

template <typename... E>
std::string read_event(EventTypes<E...>, std::string_view name, util::TimePs ps,
                       std::string_view fields, TraceSink& sink) {
    std::string problem = "\"" + std::string(name.substr(0, 40)) + "\" is no event";
    const auto try_one = [&](auto event) {
        using Type = decltype(event);
        if (name != Type::kName) return false;
        event.ps = ps;
        Taker taker(fields);
        Type::fields(event, taker);
        problem = taker.problem();
        if (problem.empty()) sink.record(event);
        return true;
    };
    (void)(try_one(E{}) || ...);
    return problem;
}

std::string read_line(std::string_view line, TraceSink& sink) {
    const std::size_t blank = line.find(' ');
    util::TimePs ps = 0;
    if (blank == line.npos || !parse_number(line.substr(0, blank), ps))
        return "does not begin with a time";
    line.remove_prefix(blank + 1);
    const std::size_t end = std::min(line.find(' '), line.size());
    return read_event(Events{}, line.substr(0, end), ps, line.substr(end), sink);
}

}  // namespace

std::string read_text_trace(std::istream& file, TraceSink& sink) {
    std::vector<char> buffer(kLongestLine);
    const auto wrong = [](std::size_t number, const std::string& problem) {
        return "line " + std::to_string(number) + ": " + problem;
    };
    std::size_t number = 1;
    for (; file.getline(buffer.data(), kLongestLine); ++number) {
        if (file.eof())
            return wrong(number, "the file ends within it: it was cut off, or the run was");
        const std::string_view line(buffer.data(), static_cast<std::size_t>(file.gcount()) - 1);
        if (number == 1) {
            if (line != TextTrace::kHeader.substr(0, TextTrace::kHeader.size() - 1))
                return wrong(number, "is not the first line of an event trace of format 2");
        } else if (const std::string problem = read_line(line, sink); !problem.empty()) {
            return wrong(number, problem);
        }
    }
    return file.eof() ? std::string{} : wrong(number, "is longer than any event");
}

}  // namespace observe
