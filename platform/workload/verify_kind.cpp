// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/verify_kind.h"

#include <iterator>

#include <boost/crc.hpp>
#include <boost/uuid/detail/md5.hpp>
#include <boost/uuid/detail/sha1.hpp>

#include "platform/workload/sha256.h"

namespace platform {

namespace {

using Make = void (*)(const void* data, std::size_t length, unsigned char* digest);

template <typename Crc>
void crc_digest(const void* data, std::size_t length, unsigned char* digest) {
    Crc crc;
    crc.process_bytes(data, length);
    const auto value = crc.checksum();
    for (std::size_t i = 0; i < sizeof(value); ++i)
        digest[i] = static_cast<unsigned char>(value >> (8 * i));
}

using Crc7 = boost::crc_optimal<7, 0x09, 0, 0, false, false>;
using Crc64 =
    boost::crc_optimal<64, 0x42f0'e1eb'a9ea'3693, ~std::uint64_t{0}, ~std::uint64_t{0}, true, true>;

/// Words are big endian in a digest; newer versions of Boost give bytes.
template <typename Digest>
void store(const Digest& words, unsigned char* digest) {
    for (const auto word : words) {
        constexpr std::size_t bytes = sizeof(word);
        for (std::size_t i = 0; i < bytes; ++i)
            *digest++ = static_cast<unsigned char>(word >> (8 * (bytes - 1 - i)));
    }
}

void md5_digest(const void* data, std::size_t length, unsigned char* digest) {
    boost::uuids::detail::md5 hash;
    hash.process_bytes(data, length);
    boost::uuids::detail::md5::digest_type result;
    hash.get_digest(result);
    static_assert(sizeof(result) == 16);
    store(result, digest);
}

void sha1_digest(const void* data, std::size_t length, unsigned char* digest) {
    boost::uuids::detail::sha1 hash;
    hash.process_bytes(data, length);
    boost::uuids::detail::sha1::digest_type result;
    hash.get_digest(result);
    static_assert(sizeof(result) == 20);
    store(result, digest);
}

struct KindInfo {
    std::string_view name;
    std::size_t bytes;
    Make make;
};
constexpr KindInfo kKinds[] = {
    // in the order of VerifyKind
    {"crc32c", 0, nullptr},
    {"crc7", 1, &crc_digest<Crc7>},
    {"crc16", 2, &crc_digest<boost::crc_16_type>},
    {"crc32", 4, &crc_digest<boost::crc_32_type>},
    {"crc64", 8, &crc_digest<Crc64>},
    {"md5", 16, &md5_digest},
    {"sha1", 20, &sha1_digest},
    {"sha256", 32, &sha256},
    {"meta", 0, nullptr},
    {"pattern", 0, nullptr},
    {"null", 0, nullptr},
};
static_assert(std::size(kKinds) == static_cast<std::size_t>(VerifyKind::kNull) + 1);

const KindInfo& info_of(VerifyKind kind) {
    return kKinds[static_cast<std::size_t>(kind)];
}

}  // namespace

std::string_view name_of(VerifyKind kind) {
    return info_of(kind).name;
}

std::optional<VerifyKind> verify_kind_of(std::string_view name) {
    if (name == "crc32c-intel") return VerifyKind::kCrc32c;
    for (std::size_t i = 0; i < std::size(kKinds); ++i)
        if (kKinds[i].name == name) return static_cast<VerifyKind>(i);
    return std::nullopt;
}

std::size_t digest_bytes(VerifyKind kind) {
    return info_of(kind).bytes;
}

void make_digest(VerifyKind kind, const void* data, std::size_t length, unsigned char* digest) {
    if (const Make make = info_of(kind).make; make != nullptr) make(data, length, digest);
}

}  // namespace platform
