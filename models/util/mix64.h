// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>

namespace util {

/// A bijection of 64 bits that decorrelates neighbouring inputs (the output step of SplitMix64,
/// Steele, Lea and Flood 2014). Own code instead of <random>: the distributions of the standard
/// library may differ between implementations, and a simulation has to be the same everywhere.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t value) {
    value += 0x9e37'79b9'7f4a'7c15;
    value = (value ^ (value >> 30)) * 0xbf58'476d'1ce4'e5b9;
    value = (value ^ (value >> 27)) * 0x94d0'49bb'1331'11eb;
    return value ^ (value >> 31);
}

/// A number for a text: different texts give different ones, as far as 64 bits go.
[[nodiscard]] constexpr std::uint64_t mix64(std::string_view text) {
    std::uint64_t value = 0;
    for (const char c : text) value = mix64(value ^ static_cast<unsigned char>(c));
    return value;
}

}  // namespace util
