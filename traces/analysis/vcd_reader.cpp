// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/vcd_reader.h"

#include <charconv>

#include "traces/analysis/vcd_codes.h"
#include "traces/analysis/vcd_text.h"

namespace analysis {
using util::TimePs;

namespace {

/// Of a name with its scopes, and of a comment; what is longer is nobody's.
constexpr std::size_t kLongestName = 1024;

template <typename Number>
bool parse(std::string_view text, Number& value) {
    const char* const behind = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), behind, value);
    return error == std::errc{} && end == behind;
}

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
    Reader(std::istream& file, VcdListener& listener) : text_(file), listener_(listener) {}

    VcdResult read() {
        VcdResult result{};
        if (!read_declarations()) {
            result.refused =
                place(problem_ == nullptr ? "the file ends within its declarations" : problem_);
            return result;
        }
        result.refused = listener_.declared();
        if (!result.refused.empty()) return result;
        read_changes();
        if (problem_ != nullptr) result.damaged = place(problem_);
        result.line = text_.line();
        return result;
    }

private:
    [[nodiscard]] std::string place(const char* what) const {
        return "line " + std::to_string(text_.line()) + ": " + what;
    }
    /// Also says whether there was a word.
    bool take(std::string_view& word) {
        word = text_.word();
        if (word.empty()) problem_ = text_.problem();
        return !word.empty();
    }
    bool fail(const char* problem) {
        problem_ = problem;
        return false;
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
    [[nodiscard]] bool read_declarations();
    [[nodiscard]] bool read_declaration(std::string_view keyword);
    [[nodiscard]] bool read_scale();
    [[nodiscard]] bool read_scope();
    [[nodiscard]] bool read_variable();
    void leave_scope();
    void read_changes();
    [[nodiscard]] bool read_change(std::string_view word);
    [[nodiscard]] bool read_vector(std::string_view digits);
    [[nodiscard]] bool read_section(std::string_view keyword);
    [[nodiscard]] bool read_comment();
    [[nodiscard]] bool read_time(std::string_view number);
    void change(std::string_view code, std::uint64_t value, bool driven) {
        codes_.visit(code, [&](std::uint32_t signal) { listener_.change(signal, value, driven); });
    }

    VcdText text_;
    VcdListener& listener_;
    VcdCodes codes_;
    std::string scope_;  // with a dot behind each, as far as it is not too long
    std::size_t scopes_too_deep_ = 0;
    TimePs multiply_ = 1, divide_ = 1;  // a time of the file, to have ps
    TimePs now_ = 0;
    bool dumping_ = false;     // within $dumpvars
    bool had_values_ = false;  // a $dumpvars has ended
    const char* problem_ = nullptr;
};

bool Reader::read_declarations() {
    for (std::string_view word; take(word);) {
        if (word == "$enddefinitions") return rest([](std::string_view) {});
        if (word.front() != '$') return fail("is no declaration of a VCD file");
        if (!read_declaration(word)) return false;
    }
    return false;
}

bool Reader::read_declaration(std::string_view keyword) {
    if (keyword == "$var") return read_variable();
    if (keyword == "$scope") return read_scope();
    if (keyword == "$timescale") return read_scale();
    if (keyword == "$upscope") leave_scope();
    return rest([](std::string_view) {});
}

/// "1 ps", "10ns".
bool Reader::read_scale() {
    std::string scale;
    if (!rest([&](std::string_view word) {
            if (scale.size() < 16) scale.append(word.substr(0, 16));
        }))
        return false;
    struct Unit {
        std::string_view name;
        TimePs multiply, divide;
    };
    constexpr Unit kUnits[] = {{"fs", 1, 1000},           {"ps", 1, 1},
                               {"ns", util::kPsPerNs, 1}, {"us", util::kPsPerUs, 1},
                               {"ms", util::kPsPerMs, 1}, {"s", util::kPsPerS, 1}};
    const std::size_t unit = scale.find_first_not_of("0123456789");
    TimePs number = 0;
    if (unit != scale.npos && parse(std::string_view(scale).substr(0, unit), number) &&
        (number == 1 || number == 10 || number == 100))
        for (const Unit& each : kUnits)
            if (scale.compare(unit, scale.npos, each.name) == 0) {
                multiply_ = number * each.multiply;
                divide_ = each.divide;
                return true;
            }
    return fail("the $timescale must be 1, 10 or 100 s, ms, us, ns, ps or fs");
}

/// $scope module name $end
bool Reader::read_scope() {
    std::string name;
    std::size_t words = 0;
    if (!rest([&](std::string_view word) {
            if (words++ == 1) name = word.substr(0, kLongestName);
        }))
        return false;
    if (scopes_too_deep_ != 0 || scope_.size() + name.size() >= kLongestName)
        ++scopes_too_deep_;
    else
        scope_.append(name).append(1, '.');
    return true;
}

void Reader::leave_scope() {
    if (scopes_too_deep_ != 0) {
        --scopes_too_deep_;
        return;
    }
    if (scope_.empty()) return;
    scope_.pop_back();
    scope_.erase(scope_.rfind('.') + 1);  // all of it where there is none
}

/// $var wire 16 code name [15:0] $end, also with the range at the name.
bool Reader::read_variable() {
    std::string width, code, name;
    std::size_t words = 0;
    if (!rest([&](std::string_view word) {
            switch (words++) {
                case 1:
                    width = word.substr(0, 32);
                    break;
                case 2:
                    code = word;
                    break;
                case 3:
                    name = word.substr(0, kLongestName);
                    break;
                default:
                    break;
            }
        }))
        return false;
    if (words < 4) return fail("a $var must have a type, a width, a code and a name");
    std::uint32_t bits = 0;
    if (!parse(std::string_view(width), bits)) return fail("the width of a $var is no number");
    for (const char c : code)
        if (static_cast<unsigned char>(c) >= 0x80) return fail("the code of a $var is no ASCII");
    if (scopes_too_deep_ != 0) return true;
    const std::uint32_t signal = listener_.declare(scope_ + name.substr(0, name.find('[')), bits);
    if (signal != VcdListener::kUnwanted) codes_.add(code, signal);
    return true;
}

void Reader::read_changes() {
    for (std::string_view word; take(word);)
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
            return take(code) || fail("the file ends within a change");
        }
        case '$':
            return read_section(word);
        default:
            return fail("is no change of a VCD file");
    }
}

bool Reader::read_vector(std::string_view digits) {
    std::uint64_t value = 0;
    bool good = false;
    const bool driven = binary(digits, value, good);
    if (!good) return fail("is no value of binary digits");
    std::string_view code;
    if (!take(code)) return problem_ != nullptr ? false : fail("the file ends within a change");
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
        return fail("is no keyword of changes of a VCD file");
    dumping_ = keyword == "$dumpvars";
    return true;
}

bool Reader::read_comment() {
    std::string text;
    if (!rest([&](std::string_view word) {
            if (text.size() < kLongestName)
                text.append(text.empty() ? "" : " ").append(word.substr(0, kLongestName));
        }))
        return false;
    listener_.comment(text);
    return true;
}

bool Reader::read_time(std::string_view number) {
    TimePs time = 0;
    if (!parse(number, time)) return fail("is no time of up to 64 bits");
    if (time > util::kNever / multiply_) return fail("is a time beyond 2^64 ps");
    time = time * multiply_ / divide_;
    if (time < now_) return fail("time goes backwards");
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
