// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "platform/workload/job_values.h"

namespace platform {

namespace {

using namespace values;
using Use = JobOption::Use;

/// A time, or a range of which each clone draws one.
Problem start_delay(Job& job, std::string_view value) {
    const std::string_view low = take_part(value, '-');
    if (Problem problem = time<&Job::start_delay, util::kPsPerS>(job, low)) return problem;
    job.start_delay_most = job.start_delay;
    if (value.empty()) return std::nullopt;
    Problem problem = time<&Job::start_delay_most, util::kPsPerS>(job, value);
    if (!problem && job.start_delay_most < job.start_delay)
        std::swap(job.start_delay, job.start_delay_most);
    return problem;
}

Problem ioengine(Job& job, std::string_view value) {
    if (const std::string_view why = why_no_engine(value); !why.empty()) return std::string{why};
    job.waiting_engine = waits_for_each_request(value) ? std::string{value} : std::string{};
    return std::nullopt;
}

Problem queue_priority(Job& job, std::string_view value) {
    constexpr std::string_view kPriorities[] = {"urgent", "high", "medium", "low"};
    for (std::size_t i = 0; i < std::size(kPriorities); ++i) {
        if (kPriorities[i] != value) continue;
        job.priority = static_cast<Job::Priority>(i);
        return std::nullopt;
    }
    return "is none of these words";
}

/// As a number. [SPDK plugin of fio, wrr_priority]
Problem wrr_priority(Job& job, std::string_view value) {
    unsigned number = 0;
    if (Problem problem = number_into(number, job, value, 0, 3)) return problem;
    job.priority = static_cast<Job::Priority>(number);
    return std::nullopt;
}

Problem blocks_type(Job&, std::string_view value) {
    if (value == "complete" || value == "issue") return std::nullopt;
    return "is none of these words";
}

Problem batch_most(Job& job, std::string_view value) {
    unsigned ignored = 0;
    return number_into(ignored, job, value, 0, 65534);
}

constexpr std::string_view kSubmitModes[] = {"inline", "offload"};
constexpr std::string_view kRateProcesses[] = {"linear", "poisson"};
constexpr std::string_view kExits[] = {"group", "stonewall", "all"};
constexpr char kRates[] = "a number, also as read,write,trim";

constexpr JobOption kRows[] = {
    // name, alias, use, bare, allowed, default, meaning, apply
    {"iodepth", "", Use::kHonoured, false, "1..65534", "1", "requests kept in flight",
     &number<&Job::iodepth, 1, 65534>},
    {"ioengine", "", Use::kHonoured, false, "an engine of fio for disks", "",
     "sync, psync, vsync, pvsync, pvsync2, mmap and splice keep one request in flight, whatever "
     "iodepth says; all others, and none, keep iodepth (fio without this key is psync on Linux)",
     &ioengine},
    {"io_submit_mode", "", Use::kHonoured, false, "inline or offload", "inline",
     "offload: every engine keeps iodepth",
     &word<&Job::offload, kSubmitModes, std::size(kSubmitModes)>},
    {"iodepth_low", "", Use::kHonoured, false, "0..65534", "0 (iodepth)",
     "when iodepth was reached, issue nothing until no more than this are in flight",
     &number<&Job::depth_low, 0, 65534>},
    {"iodepth_batch", "iodepth_batch_submit", Use::kHonoured, false, "0..65534", "0 (no limit)",
     "commands that one doorbell announces at most", &number<&Job::batch, 0, 65534>},
    {"iodepth_batch_complete_min", "iodepth_batch_complete", Use::kHonoured, false, "0..65534", "1",
     "when iodepth was reached, issue nothing until so many have completed",
     &number<&Job::batch_done, 0, 65534>},
    {"iodepth_batch_complete_max", "", Use::kHonoured, false, "0..65534", "iodepth",
     "all completions that there are are taken at once", &batch_most},
    {"numjobs", "", Use::kHonoured, false, "1..65535", "1",
     "clones of the job, each with a queue pair of its own", &number<&Job::numjobs, 1, 65535>},
    {"hipri", "", Use::kHonoured, true, kBool, "0",
     "the job's completion queue has no interrupt, the driver polls it (host_poll_ns)",
     &flag<&Job::polled>},
    {"queue_priority", "", Use::kHonoured, false, "urgent, high, medium or low", "",
     "of the job's submission queue (not a key of fio); where a job has one, the controller "
     "arbitrates by weighted round robin, with driver_wrr_weights; then jobs without one are "
     "urgent",
     &queue_priority},
    {"wrr_priority", "", Use::kHonoured, false, "0..3", "",
     "queue_priority as SPDK has it: 0 is urgent", &wrr_priority},
    {"enable_wrr", "", Use::kHonoured, true, kBool, "0",
     "a priority alone is enough for weighted round robin; without one this makes no difference",
     &flag<&Job::weighted>},
    {"rate", "", Use::kHonoured, false, kRates, "0 (no limit)",
     "bytes per simulated second, of each direction on its own, as rate_iops",
     &per_direction<&Job::rate_bytes, 0, kNoLimit>},
    {"rate_iops", "", Use::kHonoured, false, kRates, "0 (no limit)",
     "requests per simulated second, of each direction on its own: in a mix the one whose time has "
     "not come lets the other go first, whatever rwmixread says; read-back is not limited",
     &per_direction<&Job::rate_iops, 0, kNoLimit>},
    {"rate_process", "", Use::kHonoured, false, "linear or poisson", "linear",
     "poisson: the times between requests are exponentially distributed",
     &word<&Job::poisson, kRateProcesses, std::size(kRateProcesses)>},
    {"flow", "", Use::kHonoured, false, kCount, "0 (none)",
     "jobs with the same flow_id that run together make requests in the ratio of these numbers",
     &number<&Job::flow, 0, 1'000'000>},
    {"flow_id", "", Use::kHonoured, false, kCount, "0", "see flow", &number<&Job::flow_group>},
    {"flow_sleep", "", Use::kHonoured, false, kTime, "1us",
     "how often a job that is ahead of its flow looks again (a bare number: us)",
     &time<&Job::flow_sleep, util::kPsPerUs>},
    {"thinktime", "", Use::kHonoured, false, kTime, "0",
     "pause after a completion (a bare number: us); effectively iodepth=1, unless the next keys "
     "say otherwise",
     &time<&Job::thinktime, util::kPsPerUs>},
    {"thinktime_blocks", "", Use::kHonoured, false, "1 or more",
     "1; with thinktime_iotime no limit",
     "requests between two pauses; before a pause all that are in flight complete",
     &number<&Job::thinktime_blocks, 1>},
    {"thinktime_blocks_type", "", Use::kHonoured, false, "complete or issue", "complete",
     "both count requests as they are issued: they have completed when the pause begins",
     &blocks_type},
    {"thinktime_iotime", "", Use::kHonoured, false, kTime, "0",
     "time between two pauses (a bare number: s), unless thinktime_blocks come first",
     &time<&Job::thinktime_iotime, util::kPsPerS>},
    {"startdelay", "", Use::kHonoured, false, "a time, or two with a - between them", "0",
     "begin so much later (a bare number: s); each clone draws a time between the two",
     &start_delay},
    {"ramp_time", "", Use::kHonoured, false, kTime, "0",
     "what completes in this time is in no report and no log (a bare number: s); then runtime "
     "begins",
     &time<&Job::ramp_time, util::kPsPerS>},
    {"runtime", "timeout", Use::kHonoured, false, kTime, "0 (no limit)",
     "issue nothing new after this simulated time (a bare number: s); read-back still runs",
     &time<&Job::runtime, util::kPsPerS>},
    {"time_based", "", Use::kHonoured, true, kBool, "0", "start over until runtime has passed",
     &flag<&Job::time_based>},
    {"stonewall", "wait_for_previous", Use::kHonoured, true, kBool, "0",
     "start when all jobs above have ended", &flag<&Job::stonewall>},
    {"wait_for", "", Use::kHonoured, false, "the name of a job above", "",
     "start when all clones of that job have ended", &text<&Job::wait_for>},
    {"exitall", "", Use::kHonoured, true, kBool, "0",
     "when the job ends, so do those that run at the same time", &flag<&Job::exit_all>},
    {"exit_what", "", Use::kHonoured, false, "group, stonewall or all", "group",
     "all: exitall also leaves out the jobs behind a later stonewall",
     &word<&Job::exit_what, kExits, std::size(kExits)>},
};

}  // namespace

JobOptionRows pace_options() {
    return {std::begin(kRows), std::end(kRows)};
}

}  // namespace platform
