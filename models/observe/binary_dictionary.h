// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/observe/binary_format.h"

/// What the header of a binary trace says, and how it is read by this version.
namespace observe::binary {

/// Takes numbers and strings from bytes that may be anything. What is not there is 0 or empty, and
/// good() is false from then on.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool empty() const { return at_ == end_; }
    [[nodiscard]] const char* at() const { return at_; }
    [[nodiscard]] std::uint64_t varint() {
        if (end_ - at_ < 3) return long_varint();
        const auto byte = [this](int i) {
            return std::uint64_t{static_cast<unsigned char>(at_[i])};
        };
        if (byte(0) < 0x80) return static_cast<unsigned char>(*at_++);
        std::uint64_t value = (byte(0) & 0x7f) | (byte(1) & 0x7f) << 7;
        if (byte(1) < 0x80) {
            at_ += 2;
            return value;
        }
        if (byte(2) >= 0x80) return long_varint();
        value |= byte(2) << 14;
        at_ += 3;
        return value;
    }
    [[nodiscard]] std::string_view string(std::size_t longest);

private:
    std::uint64_t long_varint();

    const char* at_;
    const char* end_;
    bool good_ = true;
};

/// An event of the file, and what it is here.
struct Translation {
    explicit Translation(Shape of_file) : shape(std::move(of_file)), order(shape) {}

    static constexpr std::uint8_t kAbsent = 0xff;
    static constexpr std::uint64_t kUnknownWord = ~std::uint64_t{0};

    Shape shape;  ///< as the file has it
    Order order;
    std::size_t event = kMostEvents;                ///< here; kMostEvents: there is none
    std::array<std::uint8_t, kMostFields> from{};   ///< field here -> in the order of the record
    std::vector<std::vector<std::uint64_t>> words;  ///< by field here: number there -> here
};

/// Empty, or what is wrong with the header. `from` is what stands between its sizes and the first
/// block.
[[nodiscard]] std::string read_dictionary(std::string_view from,
                                          std::vector<Translation>& translations);

}  // namespace observe::binary
