// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/media/timing/media_timing.h"
#include "models/util/params.h"

namespace media {

struct FixedTimingParams {
    std::uint64_t read_ns = 50'000;        ///< one media read of up to unit_bytes
    std::uint64_t program_ns = 200'000;    ///< one media program of up to unit_bytes
    std::uint64_t cache_write_ns = 2'000;  ///< an access to the volatile cache of up to unit_bytes
    std::uint64_t flush_ns = 100'000;      ///< a flush, beyond programming what is dirty
    std::uint64_t deallocate_ns = 20'000;  ///< a deallocation, of any length
    std::uint32_t units = 32;              ///< media operations that run at the same time
    std::uint32_t unit_bytes = 4096;       ///< bytes of one media operation

    /// Calls v(ParamInfo, field) for each that a user may set.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        using util::kMostNs;
        v(I{"media_read_ns", "ns", "fixed: read of 4 KiB from the media", 0, kMostNs}, p.read_ns);
        v(I{"media_program_ns", "ns",
            "fixed: program of 4 KiB, by a durable write or from the cache", 0, kMostNs},
          p.program_ns);
        v(I{"media_cache_write_ns", "ns", "fixed: 4 KiB into the write cache, or from it", 0,
            kMostNs},
          p.cache_write_ns);
        v(I{"media_flush_ns", "ns", "fixed: flush, on top of programming what is dirty", 0,
            kMostNs},
          p.flush_ns);
        v(I{"media_deallocate_ns", "ns", "fixed: deallocation of a range, of any length", 0,
            kMostNs},
          p.deallocate_ns);
        v(I{"media_units", "units", "fixed: media operations of 4 KiB at a time", 1, 4096},
          p.units);
    }
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
