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

/// What users and guests say of time is computed with these. They stop at kNever instead of
/// wrapping around: what would be later than the end of time never happens, and does not happen in
/// the past.
constexpr TimePs later(TimePs at, TimePs by) {
    return by > kNever - at ? kNever : at + by;
}
constexpr TimePs times(std::uint64_t count, TimePs each) {
    return each != 0 && count > kNever / each ? kNever : count * each;
}
constexpr TimePs from_ns(std::uint64_t ns) {
    return times(ns, kPsPerNs);
}
constexpr TimePs from_us(std::uint64_t us) {
    return times(us, kPsPerUs);
}
constexpr TimePs from_ms(std::uint64_t ms) {
    return times(ms, kPsPerMs);
}

}  // namespace util
