// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/time.h"
#include "platform/workload/job.h"

namespace platform {

/// The pauses of a job (the keys thinktime*). Before a pause everything in flight completes, and it
/// lasts from the last completion on. Times are simulated ps since the job began.
class ThinkTime {
public:
    explicit ThinkTime(const Job& job)
        : pause_(job.thinktime),
          every_(job.thinktime_blocks != 0   ? job.thinktime_blocks
                 : job.thinktime_iotime != 0 ? ~std::uint64_t{0}
                                             : 1),
          period_(job.thinktime_iotime) {}

    /// Before the next request there has to be a pause.
    [[nodiscard]] bool due(util::TimePs now) const {
        return pause_ != 0 && issued_ != 0 &&
               (issued_ >= every_ || (period_ != 0 && now >= util::later(period_begin_, period_)));
    }
    /// When it ends. Nothing is in flight, and the last request completed at `completed`.
    [[nodiscard]] util::TimePs end_of_pause(util::TimePs completed) const {
        return util::later(completed, pause_);
    }
    void paused(util::TimePs until) {
        issued_ = 0;
        period_begin_ = until;
    }
    void issued() { ++issued_; }

private:
    const util::TimePs pause_;
    const std::uint64_t every_;
    const util::TimePs period_;
    std::uint64_t issued_ = 0;  // since the last pause
    util::TimePs period_begin_ = 0;
};

}  // namespace platform
