// SPDX-License-Identifier: Apache-2.0
#include "models/observe/binary_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <type_traits>

#include "models/observe/binary_dictionary.h"
#include "models/observe/binary_format.h"
#include "models/observe/crc32.h"

namespace observe {
using namespace binary;

namespace {

template <typename T>
T fixed(const char* from) {
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;)
        value = static_cast<T>(value << 8 | static_cast<unsigned char>(from[i]));
    return value;
}

std::size_t lowest_bit(std::uint64_t bits) {
    return static_cast<std::size_t>(__builtin_ctzll(bits));
}

/// A file, of which a part that grows and moves on is in memory.
class Window {
public:
    explicit Window(std::istream& file) : file_(file) {}

    /// Tries to have `count` bytes from the position on; what there is of them.
    std::string_view want(std::size_t count) {
        if (size_ - at_ < count) fill(count);
        return {buffer_.data() + at_, std::min(count, size_ - at_)};
    }
    void skip(std::size_t count) {
        at_ += count;
        position_ += count;
    }
    [[nodiscard]] std::uint64_t position() const { return position_; }

private:
    void fill(std::size_t count) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(at_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(size_), buffer_.begin());
        size_ -= at_;
        at_ = 0;
        buffer_.resize(std::max({buffer_.size(), count, std::size_t{4 * kBlockBytes}}));
        while (size_ < count && file_.peek() != std::istream::traits_type::eof()) {
            // What is there: a file that is still being written has no more for now.
            const std::streamsize there = std::max<std::streamsize>(file_.rdbuf()->in_avail(), 1);
            const auto room = static_cast<std::streamsize>(buffer_.size() - size_);
            file_.read(buffer_.data() + size_, std::min(there, room));
            size_ += static_cast<std::size_t>(file_.gcount());
        }
    }

    std::istream& file_;
    std::vector<char> buffer_;
    std::size_t at_ = 0, size_ = 0;
    std::uint64_t position_ = 0;
};

/// Visitor of an event's fields: gives them the values of a record.
class Give : public WithoutNotes {
public:
    Give(const Values& values, const Translation& translation,
         const std::vector<std::string_view>& strings)
        : values_(values), translation_(translation), strings_(strings) {}

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool known() const { return known_; }

    template <typename T>
    void dec(std::string_view, T& field) {
        number(field);
    }
    template <typename T>
    void hex(std::string_view, T& field) {
        number(field);
    }
    template <typename T>
    void hex_or_none(std::string_view, T& field) {
        number(field);
    }
    void id_or_none(std::string_view, std::uint32_t& field) {
        field = kNoId;
        number(field);
    }
    template <typename E>
    void word(std::string_view, E& field) {
        field = static_cast<E>(choice());
    }
    void either(std::string_view, bool& flag, std::string_view, std::string_view) {
        flag = choice() != 0;
    }
    void token(std::string_view, std::string_view& field) { field = string(); }
    void text(std::string_view, std::string_view& field) { field = string(); }

private:
    template <typename T>
    void number(T& field) {
        const std::uint8_t from = translation_.from[next_++];
        if (from == Translation::kAbsent) return;
        if (values_[from] > most_of<T>()) good_ = false;
        field = static_cast<T>(values_[from]);
    }
    std::uint64_t choice() {
        const std::vector<std::uint64_t>& words = translation_.words[next_];
        const std::uint64_t number = values_[translation_.from[next_++]];
        if (number >= words.size()) {
            good_ = false;
            return 0;
        }
        if (words[number] == Translation::kUnknownWord) known_ = false;
        return known_ ? words[number] : 0;
    }
    std::string_view string() {
        const std::uint64_t number = values_[translation_.from[next_++]];
        if (number < strings_.size()) return strings_[number];
        good_ = false;
        return {};
    }

    const Values& values_;
    const Translation& translation_;
    const std::vector<std::string_view>& strings_;
    std::size_t next_ = 0;
    bool good_ = true, known_ = true;
};

class Reader {
public:
    Reader(std::istream& file, TraceSink& sink) : window_(file), sink_(sink) {}

    std::string read() {
        if (std::string problem = read_header(); !problem.empty()) return problem;
        while (!ended_ && next_block()) {
        }
        if (!ended_) wrong("the file ends here: it was cut off, or the run was");
        return summary();
    }

private:
    std::string read_header();
    bool next_block();
    void find_marker();
    [[nodiscard]] bool read_records(std::string_view records, util::TimePs ps);
    [[nodiscard]] bool read_record(Bytes& from, std::size_t number, util::TimePs& ps);
    void give(const Translation& translation, const Values& values);
    template <typename Type>
    void give_one(const Translation& translation, const Values& values);
    using Giver = void (Reader::*)(const Translation&, const Values&);
    /// In the order of the list of events.
    template <typename... E>
    static constexpr std::array<Giver, sizeof...(E)> givers(EventTypes<E...>) {
        return {&Reader::give_one<E>...};
    }
    void wrong(const std::string& what) {
        if (++places_ == 1) problem_ = "byte " + std::to_string(window_.position()) + ": " + what;
    }
    [[nodiscard]] std::string summary() const;

    Window window_;
    TraceSink& sink_;
    std::vector<Translation> translations_;
    std::vector<std::unique_ptr<Memory>> memory_;
    std::vector<std::string_view> strings_;
    std::uint64_t block_ = 0;  // from 1
    bool ended_ = false;
    bool good_ = true;           // the values of the last event were in their ranges
    std::string problem_;        // the first
    std::uint64_t places_ = 0;   // where something was wrong
    std::uint64_t unknown_ = 0;  // events that are left out
    std::string unknown_name_;   // of the first of them
    util::TimePs ps_ = 0;
};

std::string Reader::read_header() {
    const std::string_view head = window_.want(kMagic.size() + 8);
    if (head.substr(0, kMagic.size()) != kMagic)
        return "byte 0: is not the first line of a binary event trace of format 1";
    const auto cut = [] { return std::string("the header is cut off"); };
    if (head.size() < kMagic.size() + 8) return cut();
    const auto size = fixed<std::uint32_t>(head.data() + kMagic.size());
    const auto crc = fixed<std::uint32_t>(head.data() + kMagic.size() + 4);
    const std::string where = "byte " + std::to_string(kMagic.size()) + ": the header ";
    if (size > kMostHeaderBytes) return where + "is damaged";
    window_.skip(kMagic.size() + 8);
    const std::string_view text = window_.want(size);
    if (text.size() < size) return cut();
    if (crc32(text.data(), text.size()) != crc) return where + "is damaged";
    if (const std::string problem = read_dictionary(text, translations_); !problem.empty())
        return where + problem;
    for (std::size_t i = 0; i < translations_.size(); ++i)
        memory_.push_back(std::make_unique<Memory>());
    window_.skip(size);
    return {};
}

/// False: there is none.
bool Reader::next_block() {
    const std::string_view head = window_.want(kBlockHead);
    if (head.size() < kBlockHead) return false;
    const auto size = fixed<std::uint32_t>(head.data() + 8);
    const auto crc = fixed<std::uint32_t>(head.data() + 12);
    if (head.substr(0, kMarker.size()) != kMarker || size > kMostBlockBytes) {
        wrong("a block is damaged, and left out");
        find_marker();
        return true;
    }
    const std::string_view block = window_.want(kBlockHead + size);
    if (block.size() < kBlockHead + size || crc32(block.data() + 16, block.size() - 16) != crc) {
        const bool cut = block.size() < kBlockHead + size;
        wrong(cut ? "the file ends within the block that begins here"
                  : "a block is damaged, and left out");
        find_marker();
        return true;
    }
    ended_ = size == 0;
    if (!read_records(block.substr(kBlockHead), fixed<std::uint64_t>(block.data() + 16)))
        wrong("a block has something else than records, and its rest is left out");
    window_.skip(kBlockHead + size);
    return true;
}

/// Behind a block that is none.
void Reader::find_marker() {
    window_.skip(1);
    for (;;) {
        const std::string_view text = window_.want(kBlockBytes);
        const std::size_t found = text.find(kMarker);
        if (found != text.npos) return window_.skip(found);
        if (text.size() < kBlockBytes) return window_.skip(text.size());
        window_.skip(text.size() - kMarker.size() + 1);
    }
}

bool Reader::read_records(std::string_view records, util::TimePs ps) {
    ++block_;
    strings_.clear();
    Bytes from(records);
    while (!from.empty()) {
        const std::uint64_t number = from.varint();
        if (number == 0) {
            if (strings_.size() >= kMostStrings) return false;
            strings_.push_back(from.string(kLongestString));
        } else if (number > translations_.size() || !read_record(from, number - 1, ps)) {
            return false;
        }
        if (!from.good()) return false;
    }
    return true;
}

bool Reader::read_record(Bytes& from, std::size_t number, util::TimePs& ps) {
    const Translation& translation = translations_[number];
    const Order& order = translation.order;
    Memory& memory = *memory_[number];
    if (memory.block != block_) {
        memory.block = block_;
        memory.last = {};
    }
    ps += unzigzag(from.varint());
    const std::uint64_t coded = from.varint();
    const std::uint64_t mask = coded >> order.wides;
    std::uint64_t selected = 0;
    for (std::size_t i = 0; i < order.selecting; ++i) {
        if ((mask >> i & 1) != 0) memory.last[i] += unzigzag(from.varint());
        selected = select(selected, memory.last[i]);
    }
    Stream& stream = memory.stream(selected, block_);
    for (std::size_t i = 0; i < order.selecting; ++i) stream.values[i] = memory.last[i];
    if (mask >> order.count != 0) return false;
    // Of what has no bit, nothing has changed.
    for (std::uint64_t rest = mask & ~std::uint64_t{0} << order.selecting; rest != 0;
         rest &= rest - 1)
        stream.values[lowest_bit(rest)] += unzigzag(from.varint());
    for (std::uint64_t rest = coded & ~(~std::uint64_t{0} << order.wides); rest != 0;
         rest &= rest - 1)
        stream.values[order.wide_at[lowest_bit(rest)]] += ps - stream.ps;
    stream.ps = ps;
    if (!from.good()) return false;
    ps_ = ps;
    give(translation, stream.values);
    return good_;
}

void Reader::give(const Translation& translation, const Values& values) {
    static constexpr auto kGivers = givers(Events{});
    if (translation.event < kGivers.size())
        return (this->*kGivers[translation.event])(translation, values);
    if (++unknown_ == 1) unknown_name_ = translation.shape.name;
}

template <typename Type>
void Reader::give_one(const Translation& translation, const Values& values) {
    Type event{};
    event.ps = ps_;
    Give giver(values, translation, strings_);
    Type::fields(event, giver);
    good_ = giver.good();
    if (good_ && giver.known())
        sink_.record(event);
    else if (good_ && ++unknown_ == 1)
        unknown_name_ = Type::kName;
}

std::string Reader::summary() const {
    std::string text = problem_;
    if (places_ > 1) text += " (and " + std::to_string(places_ - 1) + " places more)";
    if (unknown_ == 0) return text;
    return text + (text.empty() ? "" : "; ") + std::to_string(unknown_) +
           " events that this version does not know are left out, the first a \"" + unknown_name_ +
           "\"";
}

}  // namespace

std::string read_binary_trace(std::istream& file, TraceSink& sink) {
    return Reader(file, sink).read();
}

}  // namespace observe
