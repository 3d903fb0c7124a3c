// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "platform/workload/job_file.h"
#include "platform/workload/job_plan.h"
#include "platform/workload/workload_generator.h"

namespace platform::test {

inline constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

/// The only instance of the only job of a file, on a namespace of 64 MiB with 512-byte blocks.
inline JobInstance instance_of(const std::string& keys) {
    const JobFile file = parse_job_file("[job]\n" + keys, "job.fio");
    for (const std::string& message : file.messages()) ADD_FAILURE() << message;
    const JobPlan plan = plan_jobs(file, 64 * kMiB, 512);
    for (const std::string& message : plan.errors) ADD_FAILURE() << message;
    return plan.instances.empty() ? JobInstance{} : plan.instances.front();
}

/// A disk and a queue of the job's depth. Requests take effect when they complete, in the order of
/// a fixed shuffle, `latency` after the one before.
class Runner {
public:
    explicit Runner(const JobInstance& instance)
        : generator(instance),
          disk(instance.offset + instance.size),
          depth_(instance.job.iodepth) {}

    /// Until the job ends or `limit` requests were issued.
    void run(std::size_t limit = 1'000'000) {
        while (issued.size() < limit) {
            IoRequest request;
            const IoGenerator::Step step = in_flight_.size() < depth_ ? generator.next(now, request)
                                                                      : IoGenerator::Step::kWait;
            if (step == IoGenerator::Step::kDone) break;
            if (step == IoGenerator::Step::kIssue) {
                now = std::max(now, request.not_before);
                issued.push_back(request);
                issue_times.push_back(now);
                in_flight_.push_back(request);
                max_in_flight = std::max(max_in_flight, in_flight_.size());
                continue;
            }
            if (in_flight_.empty()) {
                ADD_FAILURE() << "the generator waits for a completion, but nothing is in flight";
                return;
            }
            complete_one();
        }
    }

    void complete_one() {
        const std::size_t index = (completed_++ * 7) % in_flight_.size();
        const IoRequest request = in_flight_[index];
        in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(index));
        now += latency;
        if (request.op == Op::kWrite) generator.fill(disk.data() + request.offset, request);
        if (request.op == Op::kRead && request.verify) {
            const auto problem = generator.check(disk.data() + request.offset, request);
            if (problem) wrong.push_back(*problem);
        }
        generator.complete(request, true, now);
    }

    [[nodiscard]] std::size_t in_flight() const { return in_flight_.size(); }

    IoGenerator generator;
    util::TimePs now = 0;
    util::TimePs latency = 1000;
    std::vector<std::uint8_t> disk;  // up to the end of the job's region
    std::vector<IoRequest> issued;
    std::vector<util::TimePs> issue_times;
    std::vector<std::string> wrong;  // findings of check()
    std::size_t max_in_flight = 0;

private:
    std::size_t depth_;
    std::size_t completed_ = 0;
    std::deque<IoRequest> in_flight_;
};

inline std::size_t count_of(const std::vector<IoRequest>& requests, Op op) {
    return static_cast<std::size_t>(std::count_if(requests.begin(), requests.end(),
                                                  [op](const IoRequest& r) { return r.op == op; }));
}

}  // namespace platform::test
