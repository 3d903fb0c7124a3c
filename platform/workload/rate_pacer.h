// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/util/time.h"
#include "platform/workload/job.h"
#include "platform/workload/random.h"

namespace platform {

/// When a job may issue its next read, write or trim (the keys rate, rate_iops and rate_process):
/// each direction has a rate of its own. Times are simulated ps since the job began.
class RatePacer {
public:
    RatePacer(const Job& job, std::uint64_t seed);

    /// 0: at once.
    [[nodiscard]] util::TimePs due(Op op) const;

    /// What goes out next where the mix has drawn `drawn`: the other direction of a mixed job, if
    /// `drawn` has to wait for its rate and the other one has to wait less. So neither is slowed
    /// down by the rate of the other; a rate counts more than rwmixread. A direction of which the
    /// mix has nothing does not stand in. [fio 3.33 io_u.c, rate_ddir()]
    [[nodiscard]] Op give_way(Op drawn, util::TimePs now) const;

    void issued(Op op, std::uint32_t bytes);
    /// A loop that took long must not be followed by a burst, and a short one must not be a way
    /// around the rate.
    void begin_loop(util::TimePs now);

private:
    struct Direction {
        std::uint64_t requests_per_s = 0;  // 0: no limit
        std::uint64_t bytes_per_s = 0;
        util::TimePs begin = 0;
        std::uint64_t requests = 0;  // since `begin`
        std::uint64_t bytes = 0;
        util::TimePs drawn = 0;  // of a Poisson process: when the next one is due
    };
    [[nodiscard]] util::TimePs pause(const Direction& direction, std::uint32_t bytes);

    const bool poisson_;
    const bool both_;  // the mix has reads and writes
    RandomStream random_;
    PerDirection<Direction> directions_;
};

}  // namespace platform
