// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace platform {

/// How a block that has been written can be checked (the key verify).
enum class VerifyKind : std::uint8_t {
    kCrc32c,
    kCrc7,
    kCrc16,
    kCrc32,
    kCrc64,
    kMd5,
    kSha1,
    kSha256,
    kMeta,     ///< a header says whose block it is; its data are not checked
    kPattern,  ///< the block is the pattern from beginning to end, without a header
    kNull,     ///< whatever is read is right
};

/// As fio writes it.
[[nodiscard]] std::string_view name_of(VerifyKind kind);
/// "crc32c-intel" is crc32c, too. Nothing: there is no such kind here.
[[nodiscard]] std::optional<VerifyKind> verify_kind_of(std::string_view name);

/// The longest digest.
inline constexpr std::size_t kMaxDigest = 32;
/// Bytes of the digest that stands behind the header; 0: there is none (kCrc32c has its checksum in
/// the header).
[[nodiscard]] std::size_t digest_bytes(VerifyKind kind);
/// Writes digest_bytes(kind) bytes.
void make_digest(VerifyKind kind, const void* data, std::size_t length, unsigned char* digest);

}  // namespace platform
