// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/util/time.h"
#include "platform/workload/job_file.h"

namespace platform {

/// When a job may issue its next read, write or trim (the key rate_iops): each direction has a rate
/// of its own. Times are simulated ps since the job began.
class RatePacer {
public:
    explicit RatePacer(const Job& job);

    /// 0: at once.
    [[nodiscard]] util::TimePs due(Op op) const;

    /// What goes out next where the mix has drawn `drawn`: the other direction of a mixed job, if
    /// `drawn` has to wait for its rate and the other one has to wait less. So neither is slowed
    /// down by the rate of the other; a rate counts more than rwmixread. A direction of which the
    /// mix has nothing does not stand in. [fio 3.33 io_u.c, rate_ddir()]
    [[nodiscard]] Op give_way(Op drawn, util::TimePs now) const;

    void issued(Op op) { ++issued_[index_of(op)]; }
    /// A loop that took long must not be followed by a burst, and a short one must not be a way
    /// around the rate.
    void begin_loop(util::TimePs now);

private:
    const PerDirection<std::uint64_t> rates_;
    const bool both_;  // the mix has reads and writes
    PerDirection<util::TimePs> begin_{};
    PerDirection<std::uint64_t> issued_{};  // since begin_
};

}  // namespace platform
