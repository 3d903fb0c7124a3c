// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/sector_map.h"

#include <algorithm>
#include <cstring>

namespace media {
namespace {

constexpr std::uint64_t kPerByte = 8;
constexpr std::byte kAll{0xff};

std::uint64_t sectors(std::uint64_t bytes) {
    return bytes / SectorMap::kSectorBytes + (bytes % SectorMap::kSectorBytes != 0 ? 1 : 0);
}

/// Bits [from, to) of a byte.
std::byte bits(std::uint64_t from, std::uint64_t to) {
    return static_cast<std::byte>((1u << to) - (1u << from));
}

/// Calls edge(byte, mask) for the bytes that sectors [first, end) cover in part, and
/// whole(byte, count) for those between.
template <typename Edge, typename Whole>
void split(std::uint64_t first, std::uint64_t end, Edge&& edge, Whole&& whole) {
    const std::uint64_t first_byte = first / kPerByte, last_byte = end / kPerByte;
    if (first >= end) return;
    if (first_byte == last_byte) {
        edge(first_byte, bits(first % kPerByte, end % kPerByte));
        return;
    }
    std::uint64_t from = first_byte;
    if (first % kPerByte != 0) edge(from++, bits(first % kPerByte, kPerByte));
    if (from != last_byte) whole(from, last_byte - from);
    if (end % kPerByte != 0) edge(last_byte, bits(0, end % kPerByte));
}

}  // namespace

bool SectorMap::resize(std::uint64_t bytes) {
    // The sector at the new end may become a part of what it was: it stays as it is. Bits behind it
    // must not come back when the store grows again.
    const std::uint64_t keep = sectors(bytes), had = sectors(size_);
    const std::uint64_t last = std::min(had, (keep + kPerByte - 1) / kPerByte * kPerByte);
    if (!bits_.resize((keep + kPerByte - 1) / kPerByte)) return false;
    if (keep < last) forget(keep * kSectorBytes, (last - keep) * kSectorBytes);
    size_ = bytes;
    return true;
}

bool SectorMap::mark(std::uint64_t offset, std::uint64_t length) {
    if (length == 0) return true;
    bool room = true;
    split(
        offset / kSectorBytes, (offset + length - 1) / kSectorBytes + 1,
        [&](std::uint64_t byte, std::byte mask) {
            room = bits_.touch(byte, 1, [&](std::byte* b, std::size_t) { *b |= mask; }) && room;
        },
        [&](std::uint64_t byte, std::uint64_t count) {
            room = bits_.touch(byte, count, [](std::byte* b, std::size_t n) {
                std::memset(b, 0xff, n);
            }) && room;
        });
    return room;
}

void SectorMap::forget(std::uint64_t offset, std::uint64_t length) {
    // The last sector of a store may be a short one: covered to the end of the store is covered.
    const std::uint64_t end = offset + length;
    const std::uint64_t last = end == size_ ? sectors(end) : end / kSectorBytes;
    split(
        sectors(offset), last,
        [this](std::uint64_t byte, std::byte mask) {
            if (std::byte* const b = bits_.find(byte)) *b &= ~mask;
        },
        [this](std::uint64_t byte, std::uint64_t count) { bits_.clear(byte, count); });
}

bool SectorMap::marked(std::uint64_t offset, std::uint64_t length) const {
    if (length == 0) return true;
    bool all = true;
    const auto look = [&](std::uint64_t byte, std::uint64_t count, std::byte mask) {
        bits_.look(byte, count, [&](const std::byte* bytes, std::size_t n) {
            all = all && bytes != nullptr &&
                  std::all_of(bytes, bytes + n, [mask](std::byte b) { return (b & mask) == mask; });
            return all;
        });
    };
    split(
        offset / kSectorBytes, (offset + length - 1) / kSectorBytes + 1,
        [&](std::uint64_t byte, std::byte mask) { look(byte, 1, mask); },
        [&](std::uint64_t byte, std::uint64_t count) { look(byte, count, kAll); });
    return all;
}

}  // namespace media
