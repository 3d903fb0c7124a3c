// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "models/observe/event_words.h"
#include "models/util/time.h"

namespace observe {

/// Numbers without the locale.
template <typename T>
void append_number(std::string& out, T value, int base) {
    char text[20];
    out.append(text, std::to_chars(text, text + sizeof text, std::uint64_t{value}, base).ptr);
}

inline void begin_text_line(std::string& out, util::TimePs ps, std::string_view event) {
    append_number(out, ps, 10);
    out.append(1, ' ').append(event);
}

/// Visitor of an event's fields (event_words.h): appends " key=value" for each.
class TextFields {
public:
    explicit TextFields(std::string& out) : out_(out) {}

    template <typename T>
    void dec(std::string_view key, T value) {
        append_number(start(key), value, 10);
    }
    template <typename T>
    void hex(std::string_view key, T value) {
        start(key).append("0x");
        if constexpr (std::is_enum_v<T>)
            append_number(out_, static_cast<std::underlying_type_t<T>>(value), 16);
        else
            append_number(out_, value, 16);
    }
    template <typename T>
    void hex_or_none(std::string_view key, T value) {
        if (value != 0) hex(key, value);
    }
    void id_or_none(std::string_view key, std::uint32_t value) {
        if (value != kNoId) dec(key, value);
    }
    template <typename E>
    void word(std::string_view key, E value) {
        token(key, word_of(value));
    }
    void either(std::string_view key, bool flag, std::string_view no, std::string_view yes) {
        token(key, flag ? yes : no);
    }
    void token(std::string_view key, std::string_view value) { start(key).append(value); }
    /// What would end the text or the line becomes a question mark: reasons may be a vendor's.
    void text(std::string_view key, std::string_view value) {
        start(key).append(1, '"');
        for (const char c : value)
            out_.append(1, c == '"' || static_cast<unsigned char>(c) < ' ' ? '?' : c);
        out_.append(1, '"');
    }

    template <typename T>
    void note_dec(std::string_view key, T value) {
        dec(key, value);
    }
    template <typename T>
    void note_hex(std::string_view key, T value) {
        hex(key, value);
    }
    void note_token(std::string_view key, std::string_view value) { token(key, value); }
    void note_text(std::string_view key, std::string_view value) { text(key, value); }

private:
    std::string& start(std::string_view key) {
        return out_.append(1, ' ').append(key).append(1, '=');
    }

    std::string& out_;
};

}  // namespace observe
