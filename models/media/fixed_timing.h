// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/media/media_timing.h"

namespace media {

struct FixedTimingParams {
    std::uint64_t read_ns = 50'000;        ///< one media read of up to unit_bytes
    std::uint64_t program_ns = 200'000;    ///< one media program of up to unit_bytes
    std::uint64_t cache_write_ns = 2'000;  ///< an access to the volatile cache of up to unit_bytes
    std::uint64_t flush_ns = 5'000;        ///< a flush, beyond programming what is dirty
    std::uint64_t deallocate_ns = 10'000;  ///< a deallocation, of any length
    std::uint32_t units = 32;              ///< media operations that run at the same time
    std::uint32_t unit_bytes = 4096;       ///< bytes of one media operation
};

/// What is wrong with the parameters, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const FixedTimingParams& params);

/// Fixed latencies on a fixed number of parallel units (think of dies): each unit does one
/// operation at a time, in the order of the calls.
///
/// A read or program of n bytes is ceil(n / unit_bytes) operations; operation i runs on unit
/// (offset / unit_bytes + i) % units, and the request ends with its last operation. A flush
/// takes flush_ns, after the programs of what was dirty. A deallocation holds each unit
/// it touches once for deallocate_ns, because it changes maps and not data. An access to the cache
/// of n bytes takes ceil(n / unit_bytes) times cache_write_ns and holds no unit. The effort of one
/// call grows with `units`, never with the length of the request.
class FixedTiming final : public MediaTiming {
public:
    /// Throws std::invalid_argument when validate() finds a problem.
    explicit FixedTiming(const FixedTimingParams& params);

    /// Ends that do not fit 64 bits of picoseconds stop at util::kNever.
    [[nodiscard]] Span schedule(util::TimePs start, const MediaRequest& request) override;
    void reset() override;

private:
    Span occupy(util::TimePs start, std::uint64_t first, std::uint64_t operations,
                std::uint64_t latency_ns);

    const FixedTimingParams params_;
    std::vector<util::TimePs> free_at_;  // per unit: the end of its last operation
};

}  // namespace media
