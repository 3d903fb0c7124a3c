// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/util/time.h"
#include "platform/workload/access_pattern.h"
#include "platform/workload/io_request.h"
#include "platform/workload/job_plan.h"
#include "platform/workload/job_region.h"
#include "platform/workload/rate_pacer.h"

namespace platform {

/// Produces the requests of one clone of a job, in order, for one queue pair. It knows neither
/// queues nor SystemC: the caller keeps up to job.iodepth requests in flight, and says when one
/// completed.
///
/// A loop of the job has these phases: the access pattern; a flush (end_fsync); the read-back of
/// all that was written (verify). Each phase waits for the requests of the one before.
///
/// Times are simulated ps since the job began. The same instance and the same completion times
/// give the same requests. A time_based job never ends where simulated time never advances.
class IoGenerator {
public:
    enum class Step : std::uint8_t {
        kIssue,  ///< issue the request, not before its not_before
        kWait,   ///< issue nothing before one of the requests in flight has completed
        kDone,   ///< the job has ended, nothing is in flight
    };

    /// The instances of one clone, from plan_jobs(), which has checked their sizes.
    explicit IoGenerator(const std::vector<JobInstance>& instances);
    explicit IoGenerator(const JobInstance& only) : IoGenerator(std::vector<JobInstance>{only}) {}

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
    [[nodiscard]] bool starts_over(util::TimePs elapsed) const;
    [[nodiscard]] bool has_enough_ios() const { return most_ios_ != 0 && ios_ >= most_ios_; }
    [[nodiscard]] bool flush_is_due() const;
    [[nodiscard]] IoRequest draw(util::TimePs elapsed);
    Step issue(IoRequest& request, const IoRequest& source);
    Step issue_flush(IoRequest& request, unsigned region);

    const Job job_;
    const std::uint64_t io_size_;   // of one loop
    const std::uint64_t most_ios_;  // of all loops; 0: no limit
    OpMix mix_;
    RatePacer pacer_;
    JobRegions regions_;

    Phase phase_ = Phase::kPattern;
    bool stopped_ = false;
    bool time_is_up_ = false;
    std::optional<IoRequest> held_;  // drawn, but not issued yet
    std::uint64_t in_flight_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t loop_ = 0;
    std::uint64_t ios_ = 0;  // of all loops, as number_ios counts them: flushes do not count
    std::uint64_t writes_since_fsync_ = 0;
    std::uint64_t writes_since_fdatasync_ = 0;
    std::optional<util::TimePs> last_completion_;

    // Of the current loop.
    std::uint64_t ios_before_ = 0;
    std::uint64_t bytes_ = 0;
    unsigned read_back_region_ = 0;
    std::uint64_t read_back_offset_;
};

}  // namespace platform
