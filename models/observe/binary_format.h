// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/observe/event_words.h"
#include "models/observe/trace.h"

/// What writer and reader of a binary trace share; docs/traces.md holds the format.
namespace observe::binary {

inline constexpr std::string_view kMagic = "# nvme-tlm binary event trace, format 1\n";
/// A block of records begins with it, so that a reader finds the next one behind damage.
inline constexpr std::string_view kMarker = "\xffNVMEvt\n";
/// Marker, bytes of records, checksum, time at the start.
inline constexpr std::size_t kBlockHead = 8 + 4 + 4 + 8;
inline constexpr std::size_t kBlockBytes = 64 * 1024;
/// A reader takes no longer one for a block: what is looked for behind damage costs no more each.
inline constexpr std::size_t kMostBlockBytes = 2 * kBlockBytes;
inline constexpr std::size_t kMostHeaderBytes = 1 << 20;

inline constexpr std::size_t kMostFields = 24;  ///< of an event: with the wide ones, bits of a mask
inline constexpr std::size_t kMostEvents = 128;
inline constexpr std::size_t kMostStrings = 1024;  ///< of a block
inline constexpr std::size_t kLongestString = 1023;

/// What a field is, and with that how its value is foretold from earlier events.
enum class FieldKind : std::uint8_t {
    kNumber,  ///< near that of the last event of the same kind and stream
    kWide,    ///< the same, or as much later as the event: a decimal number of 64 bits
    kChoice,  ///< one of the words that the header lists. Its value selects the stream
    kQueue,   ///< a queue's identifier, which selects the stream
    kString,  ///< the number of a string of its block, which selects the stream
    kText,    ///< the same, selects nothing
};
constexpr bool selects(FieldKind kind) {
    return kind == FieldKind::kChoice || kind == FieldKind::kQueue || kind == FieldKind::kString;
}

struct Field {
    std::string key;
    FieldKind kind;
    bool needed;                     ///< false: may be absent, and is 0 or no identifier then
    std::vector<std::string> words;  ///< of a kChoice
};
/// An event as the header of a file describes it.
struct Shape {
    std::string name;
    std::vector<Field> fields;
};

/// Visitor of an event's fields: describes them.
class Describe : public WithoutNotes {
public:
    std::vector<Field> fields;

    template <typename T>
    void dec(std::string_view key, T&) {
        const bool queue = key == "qid" || key == "sqid";
        const bool wide = std::is_same_v<std::remove_const_t<T>, std::uint64_t>;
        add(key, queue ? FieldKind::kQueue : wide ? FieldKind::kWide : FieldKind::kNumber, true);
    }
    template <typename T>
    void hex(std::string_view key, T&) {
        add(key, FieldKind::kNumber, true);
    }
    template <typename T>
    void hex_or_none(std::string_view key, T&) {
        add(key, FieldKind::kNumber, false);
    }
    void id_or_none(std::string_view key, std::uint32_t) {
        add(key, key == "qid" || key == "sqid" ? FieldKind::kQueue : FieldKind::kNumber, false);
    }
    template <typename E>
    void word(std::string_view key, E&) {
        add(key, FieldKind::kChoice, true);
        for (unsigned i = 0; i < 256; ++i) {
            const std::string_view name = word_of(static_cast<std::remove_const_t<E>>(i));
            if (name.empty()) break;
            fields.back().words.emplace_back(name);
        }
    }
    void either(std::string_view key, bool, std::string_view no, std::string_view yes) {
        add(key, FieldKind::kChoice, true);
        fields.back().words = {std::string(no), std::string(yes)};
    }
    void token(std::string_view key, std::string_view) { add(key, FieldKind::kString, true); }
    void text(std::string_view key, std::string_view) { add(key, FieldKind::kText, true); }

private:
    void add(std::string_view key, FieldKind kind, bool needed) {
        fields.push_back({std::string(key), kind, needed, {}});
    }
};

/// Those of this version, in the order of the list of events.
[[nodiscard]] const std::vector<Shape>& shapes();

template <typename Wanted, typename... E>
constexpr std::size_t index_in(EventTypes<E...>) {
    std::size_t index = 0;
    (void)((std::is_same_v<Wanted, E> || (++index, false)) || ...);
    return index;
}
template <typename E>
inline constexpr std::size_t kIndexOf = index_in<E>(Events{});

using Values = std::array<std::uint64_t, kMostFields>;

/// What is remembered of one stream of an event: its last time and values.
struct Stream {
    std::uint64_t block = 0;  ///< of which it is; every block begins with nothing but zeros
    util::TimePs ps = 0;
    Values values{};
};
/// Of one event. More streams than that share what is remembered, which costs bytes only.
inline constexpr std::size_t kStreams = 64;
struct Memory {
    Values last{};  ///< whatever the stream
    std::uint64_t block = 0;
    std::array<Stream, kStreams> streams;

    /// The stream that `selected`, a hash of the values that select it, stands for.
    Stream& stream(std::uint64_t selected, std::uint64_t in_block) {
        Stream& found = streams[selected % kStreams];
        if (found.block != in_block) found = Stream{in_block, 0, {}};
        return found;
    }
};
/// Adds a value that selects a stream to the hash of those before it.
constexpr std::uint64_t select(std::uint64_t selected, std::uint64_t value) {
    return selected * 13 + value;
}

/// The order of an event's fields in a record: those that select its stream come first.
struct Order {
    explicit Order(const Shape& shape);
    std::array<std::uint8_t, kMostFields> field{};
    std::array<bool, kMostFields> wide{};             ///< in the order of the record
    std::array<std::uint8_t, kMostFields> wide_at{};  ///< where they are in it
    std::size_t count = 0, selecting = 0, wides = 0;
};

constexpr std::uint64_t zigzag(std::uint64_t difference) {
    return difference << 1 ^ (0 - (difference >> 63));
}
constexpr std::uint64_t unzigzag(std::uint64_t coded) {
    return coded >> 1 ^ (0 - (coded & 1));
}

/// Seven bits a byte, lowest first; the top bit says that more follow.
template <typename Byte>
Byte* put_varint(Byte* to, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *to++ = static_cast<Byte>(value | 0x80);
    *to++ = static_cast<Byte>(value);
    return to;
}
inline constexpr std::size_t kLongestVarint = 10;

}  // namespace observe::binary
