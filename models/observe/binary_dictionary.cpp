// SPDX-License-Identifier: Apache-2.0
#include "models/observe/binary_dictionary.h"

#include <algorithm>

namespace observe::binary {

namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::size_t kMostWords = 4096;

/// Kinds of fields between which a value means the same.
int family(FieldKind kind) {
    switch (kind) {
        case FieldKind::kChoice:
            return 1;
        case FieldKind::kString:
        case FieldKind::kText:
            return 2;
        default:
            return 0;
    }
}

bool read_field(Bytes& from, Field& field) {
    field.key = from.string(kLongestName);
    const std::uint64_t kind = from.varint();
    if (kind >> 1 > static_cast<std::uint64_t>(FieldKind::kText)) return false;
    field.kind = static_cast<FieldKind>(kind >> 1);
    field.needed = (kind & 1) != 0;
    if (field.kind != FieldKind::kChoice) return from.good();
    const std::uint64_t words = from.varint();
    if (words > kMostWords) return false;
    for (std::uint64_t i = 0; i < words && from.good(); ++i)
        field.words.emplace_back(from.string(kLongestName));
    return from.good();
}

bool read_shape(Bytes& from, Shape& shape) {
    shape.name = from.string(kLongestName);
    const std::uint64_t fields = from.varint();
    if (fields > kMostFields) return false;
    shape.fields.resize(fields);
    return from.good() && std::all_of(shape.fields.begin(), shape.fields.end(),
                                      [&](Field& field) { return read_field(from, field); });
}

std::vector<std::uint64_t> translate_words(const Field& there, const Field& here) {
    std::vector<std::uint64_t> to;
    for (const std::string& word : there.words) {
        const auto found = std::find(here.words.begin(), here.words.end(), word);
        to.push_back(found == here.words.end()
                         ? Translation::kUnknownWord
                         : static_cast<std::uint64_t>(found - here.words.begin()));
    }
    return to;
}

/// Empty, or which field of the event cannot be had from the file.
std::string translate(Translation& t) {
    const auto here = std::find_if(shapes().begin(), shapes().end(),
                                   [&](const Shape& shape) { return shape.name == t.shape.name; });
    if (here == shapes().end()) return {};
    t.event = static_cast<std::size_t>(here - shapes().begin());
    for (std::size_t i = 0; i < here->fields.size(); ++i) {
        const Field& field = here->fields[i];
        t.words.emplace_back();
        t.from[i] = Translation::kAbsent;
        for (std::size_t place = 0; place < t.order.count; ++place) {
            const Field& there = t.shape.fields[t.order.field[place]];
            if (there.key != field.key || family(there.kind) != family(field.kind)) continue;
            t.from[i] = static_cast<std::uint8_t>(place);
            t.words.back() = translate_words(there, field);
        }
        if (t.from[i] == Translation::kAbsent && field.needed)
            return "event " + t.shape.name + " lacks " + field.key;
    }
    return {};
}

}  // namespace

std::uint64_t Bytes::long_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (at_ == end_) break;
        const auto byte = static_cast<unsigned char>(*at_++);
        value |= std::uint64_t{byte & 0x7fu} << shift;
        if (byte < 0x80) return value;
    }
    good_ = false;
    at_ = end_;
    return 0;
}

std::string_view Bytes::string(std::size_t longest) {
    const std::uint64_t size = varint();
    if (size > longest || size > static_cast<std::size_t>(end_ - at_)) {
        good_ = false;
        at_ = end_;
        return {};
    }
    const std::string_view text(at_, size);
    at_ += size;
    return text;
}

std::string read_dictionary(std::string_view from, std::vector<Translation>& translations) {
    Bytes bytes(from);
    const std::uint64_t events = bytes.varint();
    if (events > kMostEvents) return "has too many events";
    for (std::uint64_t i = 0; i < events; ++i) {
        Shape shape;
        if (!read_shape(bytes, shape)) return "is not the description of events";
        translations.emplace_back(std::move(shape));
        if (std::string problem = translate(translations.back()); !problem.empty()) return problem;
    }
    return {};
}

}  // namespace observe::binary
