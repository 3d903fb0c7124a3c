// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "platform/workload/job_plan.h"
#include "platform/workload/permutation.h"
#include "platform/workload/random.h"

namespace platform {

/// The endless sequence of operations that the keys rw and rwmixread describe.
class OpMix {
public:
    explicit OpMix(const JobInstance& instance);
    [[nodiscard]] Op next();

private:
    const Pattern pattern_;
    const unsigned read_percent_;
    RandomStream random_;
};

/// The endless sequence of places, for each operation, that the keys rw, bs and norandommap
/// describe. Sequential patterns have one position per direction and start over at the end of the
/// region. Random ones touch every block once, then again in another order; reads and writes of
/// one block size share that order, as in fio, so that a mixed job touches each block once.
class AccessPattern {
public:
    explicit AccessPattern(const JobInstance& instance);

    struct Place {
        std::uint64_t offset;  ///< in the namespace
        std::uint32_t length;
    };
    [[nodiscard]] Place next(Op op);

    /// Sequential patterns return to the start of the region, as at the start of a loop in fio.
    void rewind();

private:
    struct Direction {
        std::uint32_t block = 0;
        std::uint64_t blocks = 0;    // whole ones in the region
        std::uint64_t position = 0;  // the next one; for random patterns an index of `order`
        std::optional<Permutation> order;
    };

    [[nodiscard]] std::uint64_t draw_block(Direction& direction);

    Pattern pattern_;
    bool no_map_;
    std::uint64_t offset_;
    RandomStream places_;
    bool shared_;  // one order for reads and writes
    PerDirection<Direction> directions_;
};

}  // namespace platform
