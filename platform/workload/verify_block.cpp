// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/verify_block.h"

#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "platform/workload/crc32c.h"
#include "platform/workload/random.h"

namespace platform {

namespace {

constexpr std::size_t kCrcBytes = sizeof(VerifyHeader::crc);

const unsigned char* bytes_of(const void* block) {
    return static_cast<const unsigned char*>(block);
}

template <typename... Values>
VerifiedBlock wrong(const char* format, Values... values) {
    char text[200];
    std::snprintf(text, sizeof(text), format, values...);
    return {std::nullopt, text};
}

}  // namespace

void fill_random(void* buffer, std::size_t length, std::uint64_t seed) {
    RandomStream random{seed};
    auto* bytes = static_cast<unsigned char*>(buffer);
    while (length > 0) {
        const std::uint64_t word = random.next();
        const std::size_t part = length < sizeof(word) ? length : sizeof(word);
        std::memcpy(bytes, &word, part);
        bytes += part;
        length -= part;
    }
}

void make_verify_block(void* block, std::uint32_t length, std::uint64_t offset,
                       std::uint64_t sequence, std::uint64_t tag) {
    auto* bytes = static_cast<unsigned char*>(block);
    VerifyHeader header{0, length, kVerifyMagic, offset, sequence, tag};
    std::memcpy(bytes, &header, sizeof(header));
    fill_random(bytes + sizeof(header), length - sizeof(header),
                mix64(mix64(tag, sequence), offset));
    header.crc = crc32c(bytes + kCrcBytes, length - kCrcBytes);
    std::memcpy(bytes, &header.crc, kCrcBytes);
}

VerifiedBlock check_verify_block(const void* block, std::size_t available, std::uint64_t offset) {
    if (available < kMinVerifyBlock) {
        return wrong("offset %" PRIu64 ": %zu bytes are no checkable block", offset, available);
    }
    VerifyHeader header{};
    std::memcpy(&header, block, sizeof(header));
    if (header.magic != kVerifyMagic) {
        return wrong("offset %" PRIu64 ": no verification header (magic %016" PRIx64
                     ", expected %016" PRIx64 ")",
                     offset, header.magic, kVerifyMagic);
    }
    if (header.length < kMinVerifyBlock || header.length > available) {
        return wrong("offset %" PRIu64 ": the header gives a length of %" PRIu32
                     " bytes, %zu are left to check",
                     offset, header.length, available);
    }
    const std::uint32_t crc = crc32c(bytes_of(block) + kCrcBytes, header.length - kCrcBytes);
    if (crc != header.crc) {
        return wrong("offset %" PRIu64 ": checksum %08" PRIx32
                     " of the data is not the stored %08" PRIx32,
                     offset, crc, header.crc);
    }
    if (header.offset != offset) {
        return wrong("offset %" PRIu64 ": holds the block that belongs to offset %" PRIu64, offset,
                     header.offset);
    }
    return {header, {}};
}

}  // namespace platform
