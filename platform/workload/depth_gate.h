// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

#include "platform/workload/job.h"

namespace platform {

/// When a job whose iodepth was reached may issue again (iodepth_low and
/// iodepth_batch_complete_min): as soon as one request has completed, unless these say more.
/// [fio 3.33 backend.c, wait_for_completions()]
class DepthGate {
public:
    explicit DepthGate(const Job& job)
        : depth_(job.iodepth), open_at_(std::min(low_of(job), job.iodepth - 1)) {}

    /// `in_flight` with the request that has just been issued.
    void issued(std::uint64_t in_flight) { draining_ = draining_ || in_flight >= depth_; }
    /// Whoever calls keeps to iodepth; with nothing else to keep to, the gate is always open.
    [[nodiscard]] bool open(std::uint64_t in_flight) {
        draining_ = draining_ && in_flight > open_at_ && open_at_ + 1 < depth_;
        return !draining_;
    }

private:
    static unsigned low_of(const Job& job) {
        if (job.depth_low != 0) return job.depth_low;
        return job.iodepth - std::clamp(job.batch_done, 1U, job.iodepth);
    }

    const unsigned depth_;
    const unsigned open_at_;
    bool draining_ = false;
};

}  // namespace platform
