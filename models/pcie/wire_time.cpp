// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/wire_time.h"

namespace pcie {
namespace {

/// Picoseconds for one byte on one lane, as a fraction, coding included.
struct ByteTime {
    std::uint64_t numerator;
    std::uint64_t denominator;
};

// [PCIe-Base-6.0 4.2 Encoding]
constexpr ByteTime kByteTimes[] = {
    {0, 1},        {4'000, 1},  // 2.5 GT/s, 8b/10b: 10 bits of 400 ps
    {2'000, 1},                 // 5 GT/s, 8b/10b
    {65'000, 64},               // 8 GT/s, 128b/130b: 8 * 130 / 128 bits of 125 ps
    {65'000, 128},              // 16 GT/s
    {65'000, 256},              // 32 GT/s
    {32'000, 236},              // 64 GT/s: 256 bytes of 125 ps for 236 of packets in a flit
};

}  // namespace

WireTime::WireTime(LinkSpeed speed)
    : numerator_(kByteTimes[speed.gen].numerator),
      denominator_(kByteTimes[speed.gen].denominator * speed.lanes) {}

}  // namespace pcie
