// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/vcd_reader.h"

#include "traces/analysis/vcd_declarations.h"
#include "traces/analysis/vcd_words.h"

namespace analysis {
using util::TimePs;

namespace {

/// Binary digits, of which the lowest 64 count. False: some digit is not 0 or 1; `good` is false
/// when it is none of a value at all.
bool binary(std::string_view digits, std::uint64_t& value, bool& good) {
    value = 0;
    for (const char digit : digits) {
        const unsigned bit = static_cast<unsigned>(digit) - '0';
        if (bit > 1) {
            good = std::string_view("xXzZ").find(digit) != std::string_view::npos;
            value = 0;
            return false;
        }
        value = value << 1 | bit;
    }
    good = !digits.empty();
    return true;
}

class Reader {
public:
    Reader(std::istream& file, VcdListener& listener)
        : words_(file), listener_(listener), declarations_(words_, listener) {}

    VcdResult read() {
        VcdResult result{};
        if (!declarations_.read()) {
            const char* const problem = words_.problem();
            result.refused =
                place(problem == nullptr ? "the file ends within its declarations" : problem);
            return result;
        }
        result.refused = listener_.declared();
        if (!result.refused.empty()) return result;
        read_changes();
        if (words_.problem() != nullptr) result.damaged = place(words_.problem());
        result.line = words_.line();
        return result;
    }

private:
    [[nodiscard]] std::string place(const char* what) const {
        return "line " + std::to_string(words_.line()) + ": " + what;
    }
    void read_changes();
    [[nodiscard]] bool read_change(std::string_view word);
    [[nodiscard]] bool read_vector(std::string_view digits);
    [[nodiscard]] bool read_section(std::string_view keyword);
    [[nodiscard]] bool read_comment();
    [[nodiscard]] bool read_time(std::string_view number);
    void change(std::string_view code, std::uint64_t value, bool driven) {
        declarations_.codes().visit(
            code, [&](std::uint32_t signal) { listener_.change(signal, value, driven); });
    }

    VcdWords words_;
    VcdListener& listener_;
    VcdDeclarations declarations_;
    TimePs now_ = 0;
    bool dumping_ = false;     // within $dumpvars
    bool had_values_ = false;  // a $dumpvars has ended
};

void Reader::read_changes() {
    for (std::string_view word; words_.take(word);)
        if (!read_change(word)) return;
}

bool Reader::read_change(std::string_view word) {
    const std::string_view rest_of_word = word.substr(1);
    switch (word.front()) {
        case '0':
        case '1':
            change(rest_of_word, static_cast<std::uint64_t>(word.front() - '0'), true);
            return true;
        case 'x':
        case 'X':
        case 'z':
        case 'Z':
            change(rest_of_word, 0, false);
            return true;
        case 'b':
        case 'B':
            return read_vector(rest_of_word);
        case '#':
            return read_time(rest_of_word);
        case 'r':
        case 'R':
        case 's':
        case 'S': {
            std::string_view code;
            return words_.take(code) || words_.fail("the file ends within a change");
        }
        case '$':
            return read_section(word);
        default:
            return words_.fail("is no change of a VCD file");
    }
}

bool Reader::read_vector(std::string_view digits) {
    std::uint64_t value = 0;
    bool good = false;
    const bool driven = binary(digits, value, good);
    if (!good) return words_.fail("is no value of binary digits");
    std::string_view code;
    if (!words_.take(code))
        return words_.problem() != nullptr ? false : words_.fail("the file ends within a change");
    change(code, value, driven);
    return true;
}

bool Reader::read_section(std::string_view keyword) {
    if (keyword == "$end") {
        if (dumping_ && !had_values_) listener_.initial_values();
        had_values_ = had_values_ || dumping_;
        dumping_ = false;
        return true;
    }
    if (keyword == "$comment") return read_comment();
    if (keyword != "$dumpvars" && keyword != "$dumpall" && keyword != "$dumpon" &&
        keyword != "$dumpoff")
        return words_.fail("is no keyword of changes of a VCD file");
    dumping_ = keyword == "$dumpvars";
    return true;
}

bool Reader::read_comment() {
    std::string text;
    if (!words_.rest([&](std::string_view word) {
            if (text.size() < VcdWords::kLongestName)
                text.append(text.empty() ? "" : " ").append(word.substr(0, VcdWords::kLongestName));
        }))
        return false;
    listener_.comment(text);
    return true;
}

bool Reader::read_time(std::string_view number) {
    TimePs time = 0;
    if (!parse_number(number, time)) return words_.fail("is no time of up to 64 bits");
    if (time > util::kNever / declarations_.multiply())
        return words_.fail("is a time beyond 2^64 ps");
    time = time * declarations_.multiply() / declarations_.divide();
    if (time < now_) return words_.fail("time goes backwards");
    if (time == now_) return true;
    now_ = time;
    listener_.advance(time);
    return true;
}

}  // namespace

VcdResult read_vcd(std::istream& file, VcdListener& listener) {
    return Reader(file, listener).read();
}

}  // namespace analysis
