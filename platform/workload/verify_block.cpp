// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/verify_block.h"

#include <algorithm>
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

std::uint64_t magic_of(VerifyKind kind) {
    return kVerifyMagic ^ static_cast<std::uint64_t>(kind);
}

/// Behind the header and the digest.
std::size_t data_begin(VerifyKind kind) {
    return sizeof(VerifyHeader) + digest_bytes(kind);
}

std::size_t crc_end(VerifyKind kind, std::uint32_t length) {
    return kind == VerifyKind::kCrc32c ? length : data_begin(kind);
}

void fill_pattern(unsigned char* bytes, std::size_t length,
                  const std::vector<std::uint8_t>& pattern) {
    for (std::size_t i = 0; i < length; ++i) bytes[i] = pattern[i % pattern.size()];
}

/// Between `first` and `last` of a block that begins at `offset`.
std::optional<std::string> find_difference(const unsigned char* bytes, std::size_t first,
                                           std::size_t last, std::uint64_t offset,
                                           const std::vector<std::uint8_t>& pattern) {
    for (std::size_t i = first; i < last; ++i) {
        if (bytes[i] == pattern[i % pattern.size()]) continue;
        return wrong("offset %" PRIu64 ": byte %zu of the block is %02x, the pattern has %02x",
                     offset, i, bytes[i], pattern[i % pattern.size()])
            .problem;
    }
    return std::nullopt;
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
                       std::uint64_t sequence, std::uint64_t tag, const VerifyFormat& format) {
    auto* bytes = static_cast<unsigned char*>(block);
    if (format.pattern.empty())
        fill_random(bytes + sizeof(VerifyHeader), length - sizeof(VerifyHeader),
                    mix64(mix64(tag, sequence), offset));
    else
        fill_pattern(bytes, length, format.pattern);
    if (format.kind == VerifyKind::kPattern) return;
    VerifyHeader header{0, length, magic_of(format.kind), offset, sequence, tag};
    std::memcpy(bytes, &header, sizeof(header));
    const std::size_t data = data_begin(format.kind);
    make_digest(format.kind, bytes + data, length - data, bytes + sizeof(header));
    header.crc = crc32c(bytes + kCrcBytes, crc_end(format.kind, length) - kCrcBytes);
    std::memcpy(bytes, &header.crc, kCrcBytes);
}

VerifiedBlock check_verify_block(const void* block, std::size_t available, std::uint64_t offset,
                                 const VerifyFormat& format) {
    if (available < kMinVerifyBlock) {
        return wrong("offset %" PRIu64 ": %zu bytes are no checkable block", offset, available);
    }
    VerifyHeader header{};
    std::memcpy(&header, block, sizeof(header));
    if (header.magic != magic_of(format.kind)) {
        if (const std::uint64_t other = header.magic ^ kVerifyMagic;
            other <= static_cast<std::uint64_t>(VerifyKind::kNull))
            return wrong("offset %" PRIu64 ": holds a block of another kind: verify=%s", offset,
                         std::string{name_of(static_cast<VerifyKind>(other))}.c_str());
        return wrong("offset %" PRIu64 ": no verification header (magic %016" PRIx64
                     ", expected %016" PRIx64 ")",
                     offset, header.magic, magic_of(format.kind));
    }
    if (header.length < kMinVerifyBlock || header.length > available) {
        return wrong("offset %" PRIu64 ": the header gives a length of %" PRIu32
                     " bytes, %zu are left to check",
                     offset, header.length, available);
    }
    const unsigned char* bytes = bytes_of(block);
    const std::uint32_t crc =
        crc32c(bytes + kCrcBytes, crc_end(format.kind, header.length) - kCrcBytes);
    if (crc != header.crc) {
        return wrong(
            "offset %" PRIu64 ": checksum %08" PRIx32 " of the %s is not the stored %08" PRIx32,
            offset, crc, format.kind == VerifyKind::kCrc32c ? "data" : "header", header.crc);
    }
    const std::size_t data = data_begin(format.kind);
    unsigned char digest[kMaxDigest];
    make_digest(format.kind, bytes + data, header.length - data, digest);
    if (std::memcmp(digest, bytes + sizeof(header), digest_bytes(format.kind)) != 0) {
        return wrong("offset %" PRIu64 ": the %s of the data is not the stored one", offset,
                     std::string{name_of(format.kind)}.c_str());
    }
    if (header.offset != offset) {
        return wrong("offset %" PRIu64 ": holds the block that belongs to offset %" PRIu64, offset,
                     header.offset);
    }
    if (format.kind == VerifyKind::kMeta && !format.pattern.empty())
        if (std::optional<std::string> problem =
                find_difference(bytes, sizeof(header), header.length, offset, format.pattern))
            return {std::nullopt, std::move(*problem)};
    return {header, {}};
}

std::optional<std::string> check_pattern(const void* data, std::size_t length, std::uint32_t block,
                                         std::uint64_t offset, const VerifyFormat& format) {
    const unsigned char* bytes = bytes_of(data);
    for (std::size_t at = 0; at < length; at += block) {
        std::optional<std::string> problem = find_difference(
            bytes + at, 0, std::min<std::size_t>(block, length - at), offset + at, format.pattern);
        if (problem) return problem;
    }
    return std::nullopt;
}

}  // namespace platform
