// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/util/time.h"
#include "platform/workload/io_request.h"
#include "platform/workload/workload_generator.h"

namespace platform {

/// A request and the namespace that it goes to.
struct StreamRequest {
    IoRequest io;
    std::uint32_t nsid = 1;
};

/// Where the requests of one stream come from. Times are simulated ps since the stream began; the
/// calls follow the rules of IoGenerator.
class RequestSource {
public:
    using Step = IoGenerator::Step;
    virtual ~RequestSource() = default;

    [[nodiscard]] virtual Step next(util::TimePs elapsed, StreamRequest& request) = 0;
    /// Turns a request that succeeded into the next one, which finds the data in the same buffer.
    /// complete() is then called for the last of the chain only.
    [[nodiscard]] virtual bool follow_up(StreamRequest&) { return false; }
    virtual void complete(const StreamRequest& request, bool success, util::TimePs elapsed) = 0;
    /// The data of a write, unless the write is a follow-up.
    virtual void fill(void* buffer, const StreamRequest& request) const = 0;
    /// Nothing: the data that was read is right, or there is nothing to compare it with.
    [[nodiscard]] virtual std::optional<std::string> check(const void*,
                                                           const StreamRequest&) const {
        return std::nullopt;
    }
    /// Ends early: what is in flight still completes.
    virtual void stop() = 0;
    /// When it is done: why that was too early; empty: it was not.
    [[nodiscard]] virtual std::string problem() const { return {}; }
    /// 0 to 1.
    [[nodiscard]] virtual double progress(util::TimePs elapsed) const = 0;
};

/// How a stream of a job is reported in fio's forms.
struct JobReporting {
    std::string job;          ///< its name, without that of the clone
    unsigned number = 1;      ///< of the clone among all of the job file, from 1
    unsigned group = 0;       ///< of the job file, from 0
    bool with_group = false;  ///< one entry has all of the group that say so
    bool stats = true;        ///< there is an entry
    bool lat_percentiles = false;
    /// Of the section; all its clones share them.
    std::shared_ptr<const std::vector<std::pair<std::string, std::string>>> options;
    std::vector<double> percentiles;        ///< empty: those of fio
    std::string bw_log, lat_log, iops_log;  ///< empty: none
    util::TimePs log_average = 0;
    bool log_offset = false;
};

/// One sequence of requests with a queue pair of its own.
struct Stream {
    std::string name;
    std::string group;           ///< streams of one group are also reported together
    std::size_t controller = 0;  ///< counted through all subsystems
    std::unique_ptr<RequestSource> source;
    std::uint32_t depth = 1;                ///< requests in flight, at least 1
    std::uint64_t largest_request = 0;      ///< bytes
    bool stop_on_mismatch = false;          ///< data that is not right ends the stream
    std::uint32_t batch = 0;                ///< requests that one doorbell announces; 0: all
    bool polled = false;                    ///< its completion queue has no interrupt
    std::optional<Job::Priority> priority;  ///< of its submission queue; none: it matters to nobody
    util::TimePs start_delay = 0;  ///< since the wave began, or the streams of after_group ended
    util::TimePs ramp_time = 0;    ///< what completes in it is not in the statistics
    std::string after_group;       ///< begins when all its streams of the wave have ended
    bool ends_wave = false;        ///< its end is that of all streams of the wave ...
    bool ends_workload = false;    ///< ... and no wave follows
    std::shared_ptr<const JobReporting> reporting;  ///< null: it is of no job
};

/// Streams that run at the same time, and such waves one after another.
using Wave = std::vector<Stream>;
using Workload = std::vector<Wave>;

}  // namespace platform
