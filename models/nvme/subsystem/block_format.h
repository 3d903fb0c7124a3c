// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <iterator>

namespace nvme {

/// What a logical block is made of. [NVM-1.0 4.1.5.1 Identify Namespace data structure, LBA Format]
struct BlockFormat {
    std::uint8_t lbads;  ///< log2 of the data bytes

    [[nodiscard]] constexpr std::uint32_t data_bytes() const { return 1u << lbads; }
    /// Of so many blocks, or before the block of that number.
    [[nodiscard]] constexpr std::uint64_t to_bytes(std::uint64_t blocks) const {
        return blocks << lbads;
    }
    /// Whole blocks in so many bytes.
    [[nodiscard]] constexpr std::uint64_t to_blocks(std::uint64_t bytes) const {
        return bytes >> lbads;
    }
};

/// Those that a namespace may have.
inline constexpr BlockFormat kBlockFormats[] = {{9}, {12}};

/// Null: there is no format with so many bytes of data.
constexpr const BlockFormat* find_block_format(std::uint32_t data_bytes) {
    for (const BlockFormat& format : kBlockFormats)
        if (format.data_bytes() == data_bytes) return &format;
    return nullptr;
}
static_assert(find_block_format(4096)->lbads == 12 && find_block_format(513) == nullptr);

}  // namespace nvme
