// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/util/time.h"
#include "platform/workload/access_pattern.h"
#include "platform/workload/depth_gate.h"
#include "platform/workload/flow_group.h"
#include "platform/workload/io_request.h"
#include "platform/workload/job_plan.h"
#include "platform/workload/job_region.h"
#include "platform/workload/rate_pacer.h"
#include "platform/workload/think_time.h"
#include "platform/workload/verify_backlog.h"

namespace platform {

/// Produces the requests of one clone of a job, in order, for one queue pair. It knows neither
/// queues nor SystemC: the caller keeps up to job.iodepth requests in flight, and says when one
/// completed.
///
/// The job goes through its regions, in passes. Each pass has these phases: the access pattern; a
/// flush (end_fsync); the read-back of all that was written (verify). Each phase waits for the
/// requests of the one before. There are as many passes as loops, unless the bytes of io_size, for
/// each loop, have been transferred before; and there are more, until those of one io_size have
/// been. [fio 3.33 backend.c, keep_running()]
///
/// Times are simulated ps since the job began. The same instance and the same completion times
/// give the same requests. A time_based job never ends where simulated time never advances.
class IoGenerator {
public:
    enum class Step : std::uint8_t {
        kIssue,  ///< issue the request, not before its not_before
        kWait,   ///< issue nothing before one of the requests in flight has completed
        kPause,  ///< issue nothing before then, or the request's not_before: other jobs are behind
        kDone,   ///< the job has ended, nothing is in flight
    };

    /// The instances of one clone, from plan_jobs(), which has checked their sizes.
    explicit IoGenerator(const std::vector<JobInstance>& instances);
    explicit IoGenerator(const JobInstance& only) : IoGenerator(std::vector<JobInstance>{only}) {}
    /// What jobs with this flow_id share, which run at the same time.
    void set_flow(std::shared_ptr<FlowGroup> group) { flow_group_ = std::move(group); }

    [[nodiscard]] Step next(util::TimePs elapsed, IoRequest& request);

    /// To be called once per issued request, after check().
    void complete(const IoRequest& request, bool success, util::TimePs elapsed);

    /// The data of a write, request.length bytes. Between next() and complete().
    void fill(void* buffer, const IoRequest& request) const;

    /// Checks the data of a read with request.verify that succeeded. Nothing: all is right.
    /// Otherwise the first thing that is wrong: "offset 4096: ...". Between next() and complete().
    ///
    /// A job that writes checks the blocks it has written (of mixed jobs also the ordinary reads).
    /// A job that only reads checks all blocks: each has to be some intact block of that place.
    [[nodiscard]] std::optional<std::string> check(const void* buffer,
                                                   const IoRequest& request) const;

    /// Ends the job early (verify_fatal, an unusable device): no new request, no read-back.
    void stop() { stopped_ = true; }

    /// 0 to 1, for people. By requests, or by time for a time_based job.
    [[nodiscard]] double progress(util::TimePs elapsed) const;

private:
    enum class Phase : std::uint8_t { kPattern, kEndFlush, kReadBack, kDone };

    /// Each returns kDone when its phase has nothing more to issue.
    [[nodiscard]] Step next_of_pattern(util::TimePs elapsed, IoRequest& request);
    [[nodiscard]] Step next_of_end_flush(IoRequest& request);
    [[nodiscard]] Step next_of_read_back(IoRequest& request);
    void enter_next_phase(util::TimePs elapsed);

    [[nodiscard]] bool pattern_has_ended(util::TimePs elapsed) const;
    [[nodiscard]] bool time_has_come(util::TimePs elapsed) const {
        return end_ != 0 && elapsed >= end_;
    }
    [[nodiscard]] bool starts_over(util::TimePs elapsed) const;
    [[nodiscard]] bool has_enough_ios() const { return most_ios_ != 0 && ios_ >= most_ios_; }
    [[nodiscard]] bool flush_is_due() const;
    [[nodiscard]] IoRequest draw(util::TimePs elapsed);
    [[nodiscard]] Step issue_drawn(IoRequest& request);
    [[nodiscard]] Step read_backlog(IoRequest& request);
    Step issue(IoRequest& request, const IoRequest& source);
    Step issue_flush(IoRequest& request, unsigned region);

    const Job job_;
    const std::uint64_t io_size_;     // of one loop
    const std::uint64_t most_bytes_;  // of all loops
    const std::uint64_t most_ios_;    // of all loops; 0: no limit
    const bool long_passes_;          // a pass has all bytes of io_size
    const util::TimePs end_;          // of ramp_time and runtime; 0: none
    OpMix mix_;
    RatePacer pacer_;
    ThinkTime think_;
    DepthGate gate_;
    VerifyBacklog backlog_;
    std::shared_ptr<FlowGroup> flow_group_;  // until the job begins
    FlowMember flow_;
    JobRegions regions_;

    Phase phase_ = Phase::kPattern;
    bool stopped_ = false;
    bool time_is_up_ = false;
    std::optional<IoRequest> held_;  // drawn, but not issued yet
    unsigned drawn_region_ = 0;      // of the last request that was drawn
    std::uint64_t in_flight_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t passes_ = 0;  // that have ended
    std::uint64_t bytes_ = 0;   // of the patterns of all passes
    std::uint64_t ios_ = 0;     // as number_ios counts them: flushes do not count
    std::uint64_t writes_since_fsync_ = 0;
    std::uint64_t writes_since_fdatasync_ = 0;
    std::optional<util::TimePs> last_completion_;

    // Of the current pass.
    unsigned read_back_region_ = 0;
    std::uint64_t read_back_offset_;
};

}  // namespace platform
