// SPDX-License-Identifier: Apache-2.0
#include "models/observe/binary_trace.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "models/observe/crc32.h"

namespace observe {
using namespace binary;

namespace {

/// An event and all its strings: each of its values, its mask, its time.
constexpr std::size_t kLongestRecord =
    (2 * kMostFields + 4) * kLongestVarint + 4 * (kLongestString + 2 * kLongestVarint);

static_assert(kBlockBytes + kLongestRecord <= kMostBlockBytes);

void put_number(std::string& to, std::uint64_t value) {
    std::array<char, kLongestVarint> bytes;
    to.append(bytes.data(), put_varint(bytes.data(), value));
}
void put_string(std::string& to, std::string_view text) {
    put_number(to, text.size());
    to += text;
}

template <typename T>
unsigned char* put_fixed(unsigned char* to, T value) {
    for (std::size_t i = 0; i < sizeof value; ++i)
        *to++ = static_cast<unsigned char>(value >> (8 * i));
    return to;
}

}  // namespace

BinaryTrace::BinaryTrace(const std::string& path, Detail detail)
    : detail_(detail), file_(path), block_(kBlockHead + kBlockBytes + kLongestRecord) {
    for (const Shape& shape : shapes()) {
        orders_.emplace_back(shape);
        memory_.push_back(std::make_unique<Memory>());
    }
    write_header();
    begin_block();
}

BinaryTrace::~BinaryTrace() {
    (void)close();
}

void BinaryTrace::write_header() {
    std::string text;
    put_number(text, shapes().size());
    for (const Shape& shape : shapes()) {
        put_string(text, shape.name);
        put_number(text, shape.fields.size());
        for (const Field& field : shape.fields) {
            put_string(text, field.key);
            put_number(text, static_cast<std::uint64_t>(field.kind) << 1 | (field.needed ? 1 : 0));
            if (field.kind != FieldKind::kChoice) continue;
            put_number(text, field.words.size());
            for (const std::string& word : field.words) put_string(text, word);
        }
    }
    std::array<unsigned char, 8> sizes;
    put_fixed(put_fixed(sizes.data(), static_cast<std::uint32_t>(text.size())),
              crc32(text.data(), text.size()));
    file_.write(kMagic.data(), kMagic.size());
    file_.write(sizes.data(), sizes.size());
    file_.write(text.data(), text.size());
}

void BinaryTrace::begin_block() {
    ++number_;
    size_ = 0;
    block_ps_ = last_ps_;
    strings_.clear();
}

/// The checksum is of all that follows it.
void BinaryTrace::write_block() {
    unsigned char* const head = block_.data();
    std::memcpy(head, kMarker.data(), kMarker.size());
    put_fixed(head + 16, std::uint64_t{block_ps_});
    put_fixed(put_fixed(head + 8, static_cast<std::uint32_t>(size_)),
              crc32(head + 16, kBlockHead - 16 + size_));
    file_.write(head, kBlockHead + size_);
    begin_block();
}

void BinaryTrace::flush() {
    if (size_ != 0) write_block();
    file_.flush();
}

std::string BinaryTrace::close() {
    if (!closed_) {
        closed_ = true;
        if (size_ != 0) write_block();
        write_block();  // an empty one: all is there
    }
    return file_.close();
}

void BinaryTrace::begin_record() {
    if (size_ >= kBlockBytes || strings_.size() + kMostFields >= kMostStrings) write_block();
}

std::uint64_t BinaryTrace::number_of(std::string_view text) {
    text = text.substr(0, kLongestString);
    const auto found = std::find(strings_.begin(), strings_.end(), text);
    const auto number = static_cast<std::uint64_t>(found - strings_.begin());
    if (found != strings_.end()) return number;
    strings_.emplace_back(text);
    unsigned char* const begin = block_.data() + kBlockHead + size_;
    unsigned char* to = put_varint(put_varint(begin, 0), text.size());
    to = std::copy(text.begin(), text.end(), to);
    size_ += static_cast<std::size_t>(to - begin);
    return number;
}

void BinaryTrace::record_values(std::size_t event, util::TimePs ps) {
    const Order& order = orders_[event];
    Memory& memory = *memory_[event];
    if (memory.block != number_) {
        memory.block = number_;
        memory.last = {};
    }
    std::array<std::uint64_t, kMostFields> coded;
    std::uint64_t mask = 0;
    std::uint64_t selected = 0;
    for (std::size_t i = 0; i < order.selecting; ++i) {
        const std::uint64_t value = values_[order.field[i]];
        selected = select(selected, value);
        coded[i] = zigzag(value - memory.last[i]);
        memory.last[i] = value;
        if (coded[i] != 0) mask |= std::uint64_t{1} << i;
    }
    Stream& stream = memory.stream(selected, number_);
    std::uint64_t with_time = 0;
    std::size_t wides = 0;
    for (std::size_t i = order.selecting; i < order.count; ++i) {
        const std::uint64_t value = values_[order.field[i]];
        const std::uint64_t difference = value - stream.values[i];
        stream.values[i] = value;
        coded[i] = zigzag(difference);
        if (order.wide[i]) {
            const std::uint64_t later = zigzag(difference - (ps - stream.ps));
            if (later < coded[i]) {
                coded[i] = later;
                with_time |= std::uint64_t{1} << wides;
            }
            ++wides;
        }
        if (coded[i] != 0) mask |= std::uint64_t{1} << i;
    }
    stream.ps = ps;
    unsigned char* const begin = block_.data() + kBlockHead + size_;
    unsigned char* to = put_varint(begin, event + 1);
    to = put_varint(to, zigzag(ps - last_ps_));
    last_ps_ = ps;
    to = put_varint(to, mask << wides | with_time);
    for (std::size_t i = 0; mask != 0; ++i, mask >>= 1)
        if ((mask & 1) != 0) to = put_varint(to, coded[i]);
    size_ += static_cast<std::size_t>(to - begin);
}

}  // namespace observe
