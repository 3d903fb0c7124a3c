// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/workload/io_request.h"
#include "platform/workload/job_plan.h"
#include "platform/workload/verify_block.h"

namespace platform {

/// Remembers for one job instance what each block of its region should hold, and which blocks are
/// in flight, in 4 bytes per block allocated once.
///
/// NVMe does not order commands: of two overlapping requests in flight, either may win. A request
/// that overlaps a write in flight (or a write that overlaps anything in flight) is therefore held
/// back, so that every read has exactly one right answer, also in mixed jobs. Trims count as writes
/// that leave nothing behind which could be checked.
class VerifyLedger {
public:
    /// The size of one checkable block: verify_interval, or what all sizes and places have in
    /// common.
    [[nodiscard]] static std::uint32_t unit_of(const Job& job);
    /// Whether a region is small enough to be remembered (2^28 blocks, 1 GiB).
    [[nodiscard]] static bool fits(std::uint64_t size, std::uint32_t unit);

    /// Of memory, for a region of this size.
    [[nodiscard]] static std::uint64_t bytes(std::uint64_t size, std::uint32_t unit) {
        return size / unit * sizeof(State);
    }

    /// The instance comes from plan_jobs(), which has checked its sizes.
    explicit VerifyLedger(const JobInstance& instance);

    [[nodiscard]] std::uint32_t unit() const { return unit_; }

    /// Marks the blocks of a read, write or trim as in flight; false: it has to wait for a
    /// completion.
    [[nodiscard]] bool begin(const IoRequest& request);
    /// After a trim, and after a write that failed, the content of its blocks is unknown and no
    /// longer checked.
    void end(const IoRequest& request, bool success);

    /// Makes the checkable blocks of a write. `buffer` has request.length bytes; none behind them
    /// is touched.
    void fill(void* buffer, const IoRequest& request) const;
    /// Checks every block that this instance has written. Nothing: all is right.
    [[nodiscard]] std::optional<std::string> check(const void* buffer,
                                                   const IoRequest& request) const;

    /// The next written blocks at or behind `offset`, as many as are neighbours and fit in
    /// `max_length`; length 0: there are none.
    struct Extent {
        std::uint64_t offset = 0;
        std::uint32_t length = 0;
    };
    [[nodiscard]] Extent next_written(std::uint64_t offset, std::uint32_t max_length) const;

private:
    // Lower 24 bits: which write the block holds, 0 = unknown. Upper 8 bits: reads in flight, or
    // kWriting.
    using State = std::uint32_t;
    static constexpr State kGenerationMask = 0xff'ffff;
    static constexpr State kOneReader = 0x0100'0000;
    static constexpr State kMaxReaders = 0xfe00'0000;
    static constexpr State kWriting = 0xff00'0000;

    struct Range {
        std::size_t first;
        std::size_t last;  // one behind
    };
    [[nodiscard]] Range range_of(const IoRequest& request) const;
    /// 1 to 2^24 - 1: an old block passes for a current one only when a multiple of exactly that
    /// many requests lies between them.
    [[nodiscard]] static State generation_of(std::uint64_t sequence) {
        return static_cast<State>(sequence % kGenerationMask) + 1;
    }

    std::uint64_t offset_;
    std::uint64_t tag_;
    std::uint32_t unit_;
    VerifyFormat format_;
    std::vector<State> states_;
};

}  // namespace platform
