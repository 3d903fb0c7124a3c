// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/crc32c.h"

#include <boost/crc.hpp>

#if defined(__x86_64__) && defined(__GNUC__)
#include <nmmintrin.h>

#include <cstring>
#define NVME_HAS_CRC32_INSTRUCTION 1
#endif

namespace platform {

std::uint32_t crc32c_portable(const void* data, std::size_t length) {
    boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true> crc;
    crc.process_bytes(data, length);
    return crc.checksum();
}

#ifdef NVME_HAS_CRC32_INSTRUCTION

namespace {

__attribute__((target("sse4.2"))) std::uint32_t crc32c_sse42(const void* data, std::size_t length) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::uint64_t crc = 0xffff'ffff;
    for (; length >= 8; bytes += 8, length -= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes, sizeof(word));
        crc = _mm_crc32_u64(crc, word);
    }
    auto rest = static_cast<std::uint32_t>(crc);
    for (; length > 0; ++bytes, --length) rest = _mm_crc32_u8(rest, *bytes);
    return ~rest;
}

}  // namespace

std::uint32_t crc32c(const void* data, std::size_t length) {
    static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
    return has_instruction ? crc32c_sse42(data, length) : crc32c_portable(data, length);
}

#else

std::uint32_t crc32c(const void* data, std::size_t length) {
    return crc32c_portable(data, length);
}

#endif

}  // namespace platform
