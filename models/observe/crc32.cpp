// SPDX-License-Identifier: Apache-2.0
#include "models/observe/crc32.h"

#include <array>
#include <cstring>

namespace observe {

namespace {

constexpr std::uint32_t kPolynomial = 0xedb8'8320;  // its bits in reverse
constexpr std::size_t kSlices = 8;                  // bytes that are taken at a time

using Table = std::array<std::uint32_t, 256>;

/// tables[n][b]: what byte b changes in the checksum when n more bytes follow it.
constexpr std::array<Table, kSlices> make_tables() {
    std::array<Table, kSlices> tables{};
    for (std::uint32_t b = 0; b < 256; ++b) {
        std::uint32_t crc = b;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
        tables[0][b] = crc;
    }
    for (std::size_t n = 1; n < kSlices; ++n)
        for (std::uint32_t b = 0; b < 256; ++b)
            tables[n][b] = (tables[n - 1][b] >> 8) ^ tables[0][tables[n - 1][b] & 0xff];
    return tables;
}
constexpr std::array<Table, kSlices> kTables = make_tables();

}  // namespace

std::uint32_t crc32(const void* bytes, std::size_t count) {
    const auto* p = static_cast<const unsigned char*>(bytes);
    std::uint32_t crc = 0xffff'ffff;
    for (; count >= kSlices; count -= kSlices, p += kSlices) {
        static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
        std::uint64_t eight = 0;
        std::memcpy(&eight, p, sizeof eight);
        eight ^= crc;
        const auto change = [eight](unsigned i) {
            return kTables[kSlices - 1 - i][eight >> (8 * i) & 0xff];
        };
        crc = change(0) ^ change(1) ^ change(2) ^ change(3) ^ change(4) ^ change(5) ^ change(6) ^
              change(7);
    }
    for (; count != 0; --count, ++p) crc = (crc >> 8) ^ kTables[0][(crc ^ *p) & 0xff];
    return ~crc;
}

}  // namespace observe
