// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/upstream_time.h"

#include <algorithm>

#include "models/util/divide.h"

namespace platform {
using util::TimePs;

namespace {

/// Longest transaction that is timed exactly: its picoseconds times a second have 64 bits.
constexpr std::uint64_t kMostBytes = 1u << 24;
static_assert(kMostBytes <= util::kNever / util::kPsPerS);

/// What is not longer (queue entries, messages) goes between the packets of what is: it does not
/// wait for data that a device has announced, and will send as fast as its link can.
constexpr std::uint64_t kShort = 512;

}  // namespace

UpstreamTime::UpstreamTime(std::uint64_t bytes_per_s, std::uint64_t latency_ns)
    : bytes_per_s_(bytes_per_s), latency_(util::from_ns(latency_ns)) {}

/// Bytes that come by and by pass by and by: late is only what is left when the last one has come.
TimePs UpstreamTime::pass(bool write, TimePs from, TimePs until, std::uint64_t bytes) {
    if (!shared()) return latency_;
    const TimePs duration =
        util::divide_up(std::min(bytes, kMostBytes) * util::kPsPerS, bytes_per_s_);
    pcie::Direction& way = ways_[write];
    const TimePs passed =
        bytes <= kShort ? way.interleave(from, duration) : way.queue(from, duration);
    return util::later(passed > until ? passed - until : 0, latency_);
}

}  // namespace platform
