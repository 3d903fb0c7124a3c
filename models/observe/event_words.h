// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

/// How the fields of an event are written down. An event describes itself once, in `fields()`;
/// whoever writes, reads or shows events is a visitor V with the functions
///
///     v.dec(key, field)           an integer
///     v.hex(key, field)           the same, shown in base 16; an enumeration by its number
///     v.hex_or_none(key, field)   absent while it is 0
///     v.id_or_none(key, field)    absent while it is kNoId
///     v.word(key, field)          an enumeration, by the names of its Words
///     v.either(key, flag, no, yes) a truth value, by one of two words
///     v.token(key, field)         text without blanks
///     v.text(key, field)          text in quotes, without quotes in it
///
/// and note_dec, note_hex, note_token and note_text for what follows from the other fields: it is
/// for people, and not read back.
namespace observe {

/// A queue or command identifier that is not there.
inline constexpr std::uint32_t kNoId = 0xffff'ffff;

/// Names of an enumeration's values, in order from 0: `static constexpr std::array names`.
template <typename E>
struct Words;

/// Empty for a number without a name.
template <typename E>
constexpr std::string_view word_of(E value) {
    const auto i = static_cast<std::size_t>(value);
    return i < Words<E>::names.size() ? Words<E>::names[i] : std::string_view{};
}
/// False: no value has that name.
template <typename E>
constexpr bool from_word(std::string_view word, E& value) {
    for (std::size_t i = 0; i < Words<E>::names.size(); ++i)
        if (Words<E>::names[i] == word) {
            value = static_cast<E>(i);
            return true;
        }
    return false;
}

/// For visitors that pass over notes.
struct WithoutNotes {
    template <typename T>
    void note_dec(std::string_view, T&&) {}
    template <typename T>
    void note_hex(std::string_view, T&&) {}
    void note_token(std::string_view, std::string_view) {}
    void note_text(std::string_view, std::string_view) {}
};

/// The largest number that a field of this type holds.
template <typename T>
constexpr std::uint64_t most_of() {
    if constexpr (std::is_enum_v<T>)
        return std::numeric_limits<std::underlying_type_t<T>>::max();
    else
        return std::numeric_limits<T>::max();
}

}  // namespace observe
