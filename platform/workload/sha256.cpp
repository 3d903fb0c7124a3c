// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/sha256.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace platform {

namespace {

constexpr std::size_t kShaBlock = 64;

// The fractional parts of the cube roots, and of the square roots, of the first primes.
constexpr std::uint32_t kRoundWords[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
constexpr std::array<std::uint32_t, 8> kBegin{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                              0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

constexpr std::uint32_t rotated(std::uint32_t x, unsigned bits) {
    return x >> bits | x << (32 - bits);
}

using State = std::array<std::uint32_t, 8>;

void compress(State& state, const unsigned char* block) {
    std::uint32_t w[64];
    for (int t = 0; t < 16; ++t, block += 4)
        w[t] = std::uint32_t{block[0]} << 24 | std::uint32_t{block[1]} << 16 |
               std::uint32_t{block[2]} << 8 | block[3];
    for (int t = 16; t < 64; ++t) {
        const std::uint32_t s0 = rotated(w[t - 15], 7) ^ rotated(w[t - 15], 18) ^ w[t - 15] >> 3;
        const std::uint32_t s1 = rotated(w[t - 2], 17) ^ rotated(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (int t = 0; t < 64; ++t) {
        const std::uint32_t s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
        const std::uint32_t first = h + s1 + ((e & f) ^ (~e & g)) + kRoundWords[t] + w[t];
        const std::uint32_t s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
        const std::uint32_t second = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + first;
        d = c;
        c = b;
        b = a;
        a = first + second;
    }
    const State added{a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < state.size(); ++i) state[i] += added[i];
}

}  // namespace

void sha256(const void* data, std::size_t length, unsigned char* digest) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    State state = kBegin;
    std::size_t left = length;
    for (; left >= kShaBlock; left -= kShaBlock, bytes += kShaBlock) compress(state, bytes);
    // The rest, a one bit, zeroes, and the length in bits: one block or two.
    unsigned char tail[2 * kShaBlock] = {};
    std::copy_n(bytes, left, tail);
    tail[left] = 0x80;
    const std::size_t end = left + 9 <= kShaBlock ? kShaBlock : 2 * kShaBlock;
    const std::uint64_t bits = std::uint64_t{length} * 8;
    for (std::size_t i = 0; i < 8; ++i)
        tail[end - 1 - i] = static_cast<unsigned char>(bits >> (8 * i));
    for (std::size_t at = 0; at < end; at += kShaBlock) compress(state, tail + at);
    for (const std::uint32_t word : state)
        for (int shift = 24; shift >= 0; shift -= 8)
            *digest++ = static_cast<unsigned char>(word >> shift);
}

}  // namespace platform
