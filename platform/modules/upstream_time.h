// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>

#include "models/pcie/direction.h"
#include "models/util/time.h"

namespace platform {

/// What the way from all endpoints of a root complex into host memory takes: a latency, and a
/// bandwidth that they share, of each direction by itself. Long transactions pass in the order of
/// the calls, and short ones between them.
class UpstreamTime {
public:
    /// `bytes_per_s` = 0: no limit.
    UpstreamTime(std::uint64_t bytes_per_s, std::uint64_t latency_ns);

    [[nodiscard]] bool takes_time() const { return shared() || latency_ != 0; }
    /// The bandwidth is limited: every byte has to pass().
    [[nodiscard]] bool shared() const { return bytes_per_s_ != 0; }
    [[nodiscard]] util::TimePs latency() const { return latency_; }

    /// Bytes to host memory (`write`) or from it come from `from` on, the last of them at `until`:
    /// how long after that it is there.
    [[nodiscard]] util::TimePs pass(bool write, util::TimePs from, util::TimePs until,
                                    std::uint64_t bytes);

private:
    const std::uint64_t bytes_per_s_;
    const util::TimePs latency_;
    std::array<pcie::Direction, 2> ways_;  // from host memory, to it
};

}  // namespace platform
