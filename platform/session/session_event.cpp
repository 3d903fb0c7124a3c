// SPDX-License-Identifier: Apache-2.0
#include "platform/session/session_event.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "platform/workload/crc32c.h"
#include "platform/workload/units.h"

namespace platform {

namespace {

using Kind = SessionEvent::Kind;
using Bytes = std::vector<std::uint8_t>;

struct AccessName {
    std::string_view name;
    Kind kind;
};
constexpr AccessName kAccesses[] = {
    {"config", Kind::kConfig}, {"bar0", Kind::kBar0}, {"bar4", Kind::kBar4}};

void append(std::string& text, std::uint64_t value, int base) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, base).ptr;
    text += ' ';
    text.append(digits, end);
}

void append(std::string& text, const Bytes& data) {
    static constexpr char kDigits[] = "0123456789abcdef";
    text += ' ';
    if (data.empty()) text += '-';
    for (const std::uint8_t byte : data) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 0xf];
    }
}

/// Takes a line apart, word by word. After a word that is not what was asked for, `problem` says
/// what should stand there, and nothing else counts.
class Words {
public:
    explicit Words(std::string_view line) : rest_(line) {}

    std::string_view next() {
        const std::size_t end = std::min(rest_.find(' '), rest_.size());
        const std::string_view word = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        return word;
    }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    /// True, and past it, when the next word is this one.
    bool skip(std::string_view word) {
        Words ahead = *this;
        if (ahead.next() != word) return false;
        *this = std::move(ahead);
        return true;
    }
    std::uint64_t number(const char* what, int base, std::uint64_t max = ~std::uint64_t{0},
                         std::uint64_t min = 0) {
        const std::string_view word = next();
        std::uint64_t value = 0;
        const auto [end, error] =
            std::from_chars(word.data(), word.data() + word.size(), value, base);
        const bool good = error == std::errc{} && end == word.data() + word.size() &&
                          !word.empty() && value >= min && value <= max;
        if (!good) wrong("\"" + printable(word) + "\" is no " + what);
        return good ? value : min;
    }
    Bytes content(std::uint32_t length) {
        const std::string_view word = next();
        Bytes data;
        if (word == "-") return data;
        bool good = !word.empty() && word.size() % 2 == 0 && word.size() / 2 <= length;
        for (std::size_t i = 0; good && i < word.size(); i += 2) {
            std::uint8_t byte = 0;
            const char* const begin = word.data() + i;
            good = std::from_chars(begin, begin + 2, byte, 16).ptr == begin + 2;
            data.push_back(byte);
        }
        if (!good) wrong("the content is not up to LENGTH bytes in hexadecimal, or -");
        return data;
    }
    void wrong(std::string what) {
        if (problem.empty()) problem = std::move(what);
    }
    std::string finish() {
        if (!at_end()) wrong("\"" + printable(rest_) + "\" is too much");
        return std::move(problem);
    }

    std::string problem;

private:
    std::string_view rest_;
};

void parse_direction(Words& words, bool& write) {
    write = words.skip("write");
    if (!write && !words.skip("read")) words.wrong("neither read nor write");
}

void parse_access(Words& words, SessionEvent& e) {
    parse_direction(words, e.write);
    e.address = words.number("offset", 16);
    e.length = static_cast<std::uint32_t>(
        words.number("size from 1 to 8", 10, SessionEvent::kLongestAccess, 1));
    const std::uint64_t max =
        e.length == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * e.length) - 1;
    e.value = words.number("value of that size", 16, max);
    e.refused = words.skip("refused");
}

void parse_dma(Words& words, SessionEvent& e) {
    parse_direction(words, e.write);
    e.address = words.number("address", 16);
    e.length = static_cast<std::uint32_t>(
        words.number("length from 1 to 4096", 10, SessionEvent::kLongestDma, 1));
    e.refused = words.skip("refused");
    e.summed = !e.refused && words.skip("crc32c");
    if (e.summed) e.value = words.number("sum", 16, std::numeric_limits<std::uint32_t>::max());
    if (e.summed && !e.write) words.wrong("a read needs its bytes, not their sum");
    if (!e.refused && !e.summed) e.data = words.content(e.length);
    if (words.skip("took")) e.duration = words.number("duration", 10);
}

}  // namespace

std::vector<std::uint8_t> without_zeros_at_end(const std::uint8_t* bytes, std::size_t count) {
    while (count != 0 && bytes[count - 1] == 0) --count;
    return {bytes, bytes + count};
}

void SessionEvent::set_content(const std::uint8_t* bytes, std::uint32_t count) {
    summed = write && count > kShownBytes;
    if (summed)
        value = crc32c(bytes, count);
    else
        data = without_zeros_at_end(bytes, count);
}

std::string to_text(const SessionEvent& e) {
    std::string text = std::to_string(e.at);
    switch (e.kind) {
        case Kind::kConfig:
        case Kind::kBar0:
        case Kind::kBar4:
            text += ' ';
            text += kAccesses[static_cast<std::size_t>(e.kind)].name;
            text += e.write ? " write" : " read";
            append(text, e.address, 16);
            append(text, e.length, 10);
            append(text, e.value, 16);
            break;
        case Kind::kReset:
            text += " perst_n";
            append(text, e.value, 10);
            break;
        case Kind::kPower:
            text += " power_cycle";
            break;
        case Kind::kMessage:
            text += " message";
            append(text, e.address, 16);
            append(text, e.value, 16);
            break;
        case Kind::kDma:
            text += e.write ? " dma write" : " dma read";
            append(text, e.address, 16);
            append(text, e.length, 10);
            if (e.summed) {
                text += " crc32c";
                append(text, e.value, 16);
            } else if (!e.refused) {
                append(text, e.data);
            }
            break;
    }
    if (e.refused) text += " refused";
    if (e.duration != 0) {
        text += " took";
        append(text, e.duration, 10);
    }
    return text;
}

std::string to_text(const MediaContent& content) {
    std::string text = std::to_string(content.at) + " media";
    append(text, content.ns, 10);
    append(text, content.offset, 16);
    append(text, content.length, 10);
    append(text, content.data);
    return text;
}

bool is_media(std::string_view line) {
    Words words(line);
    (void)words.next();
    return words.next() == "media";
}

std::string parse_event(std::string_view line, SessionEvent& event) {
    Words words(line);
    event = {};
    event.at = words.number("time in picoseconds", 10);
    const std::string_view what = words.next();
    const auto* access = std::find_if(std::begin(kAccesses), std::end(kAccesses),
                                      [&](const AccessName& a) { return a.name == what; });
    if (access != std::end(kAccesses)) {
        event.kind = access->kind;
        parse_access(words, event);
    } else if (what == "perst_n") {
        event.kind = Kind::kReset;
        event.value = words.number("level", 10, 1);
    } else if (what == "power_cycle") {
        event.kind = Kind::kPower;
    } else if (what == "message") {
        event.kind = Kind::kMessage;
        event.length = 4;
        event.write = true;
        event.address = words.number("address", 16);
        event.value = words.number("data", 16, std::numeric_limits<std::uint32_t>::max());
        event.refused = words.skip("refused");
    } else if (what == "dma") {
        event.kind = Kind::kDma;
        parse_dma(words, event);
    } else {
        words.wrong(
            "\"" + printable(what) +
            "\" is none of config, bar0, bar4, perst_n, power_cycle, dma, message and media");
    }
    return words.finish();
}

std::string parse_media(std::string_view line, MediaContent& content) {
    Words words(line);
    content = {};
    content.at = words.number("time in picoseconds", 10);
    (void)words.next();
    content.ns = static_cast<std::uint32_t>(
        words.number("place of a namespace", 10, std::numeric_limits<std::uint32_t>::max()));
    content.offset = words.number("offset", 16);
    content.length = static_cast<std::uint32_t>(
        words.number("length up to 1 MiB", 10, MediaContent::kLongest, 1));
    content.data = words.content(content.length);
    return words.finish();
}

}  // namespace platform
