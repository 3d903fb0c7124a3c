// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/workload/verify_kind.h"

namespace platform {

/// What a checkable block says about itself, at its very beginning (little endian). With crc32c the
/// checksum covers everything behind it, to the end of the block: a single wrong bit anywhere is
/// found. With another digest it covers the rest of the header and the digest, which stands behind
/// it and covers everything behind itself; with meta, that has none, the rest of the header.
struct VerifyHeader {
    std::uint32_t crc;     ///< CRC-32C of bytes 4 to the end of what it covers
    std::uint32_t length;  ///< of the block, header included
    std::uint64_t magic;
    std::uint64_t offset;    ///< where in the namespace the block belongs, in bytes
    std::uint64_t sequence;  ///< IoRequest::sequence of the write: tells old data from new
    std::uint64_t tag;       ///< JobInstance::seed of the writer: tells jobs apart
};
static_assert(sizeof(VerifyHeader) == 40);
static_assert(offsetof(VerifyHeader, length) == 4 && offsetof(VerifyHeader, magic) == 8);

/// "NVTLMVFY", of crc32c. Other kinds have numbers of their own: their place among VerifyKind is
/// exclusive-ored into it.
inline constexpr std::uint64_t kVerifyMagic = 0x5946'564d'4c54'564e;

/// What the checkable blocks of a job look like.
struct VerifyFormat {
    VerifyKind kind = VerifyKind::kCrc32c;
    std::vector<std::uint8_t> pattern;  ///< what fills them, over and over; empty: random data
};

/// Smaller blocks cannot hold a header and data; no logical block of NVMe is smaller.
inline constexpr std::uint32_t kMinVerifyBlock = 512;

/// Fills a buffer with data that no other (seed, offset, sequence) has.
void fill_random(void* buffer, std::size_t length, std::uint64_t seed);

/// Makes a checkable block of `length` bytes (at least kMinVerifyBlock).
void make_verify_block(void* block, std::uint32_t length, std::uint64_t offset,
                       std::uint64_t sequence, std::uint64_t tag, const VerifyFormat& format = {});

/// Header of a block that is right by its kind and at its place, or what is wrong. `available`
/// bytes can be read; the block must be no longer. Not for the kinds that have no header.
struct VerifiedBlock {
    std::optional<VerifyHeader> header;
    std::string problem;
};
[[nodiscard]] VerifiedBlock check_verify_block(const void* block, std::size_t available,
                                               std::uint64_t offset,
                                               const VerifyFormat& format = {});
/// Of the kind pattern: the first byte that is wrong; nothing: there is none. `block`: the length
/// of the blocks that were filled.
[[nodiscard]] std::optional<std::string> check_pattern(const void* data, std::size_t length,
                                                       std::uint32_t block, std::uint64_t offset,
                                                       const VerifyFormat& format);

}  // namespace platform
