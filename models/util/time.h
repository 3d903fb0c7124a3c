// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace util {

/// Simulated time in picoseconds since the start of the simulation. 2^64 ps are 213 days. The
/// core computes in integers so that the same inputs give the same times on every machine.
using TimePs = std::uint64_t;

inline constexpr TimePs kNever = ~TimePs{0};
inline constexpr TimePs kPsPerNs = 1'000;
inline constexpr TimePs kPsPerUs = 1'000'000;
inline constexpr TimePs kPsPerMs = 1'000'000'000;
inline constexpr TimePs kPsPerS = 1'000'000'000'000;

}  // namespace util
