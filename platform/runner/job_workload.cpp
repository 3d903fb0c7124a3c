// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "platform/runner/workloads.h"
#include "platform/workload/job_plan.h"

namespace platform {

namespace {

class JobSource final : public RequestSource {
public:
    /// Each instance of the clone has a target at its place.
    JobSource(const std::vector<JobInstance>& instances, const std::vector<Target>& targets,
              std::shared_ptr<FlowGroup> flow)
        : generator_(instances) {
        generator_.set_flow(std::move(flow));
        for (const Target& target : targets) nsids_.push_back(target.nsid);
    }

    Step next(util::TimePs elapsed, StreamRequest& request) override {
        const Step step = generator_.next(elapsed, request.io);
        if (step == Step::kIssue) request.nsid = nsids_[request.io.region];
        return step;
    }
    void complete(const StreamRequest& request, bool success, util::TimePs elapsed) override {
        generator_.complete(request.io, success, elapsed);
    }
    void fill(void* buffer, const StreamRequest& request) const override {
        generator_.fill(buffer, request.io);
    }
    std::optional<std::string> check(const void* buffer,
                                     const StreamRequest& request) const override {
        return generator_.check(buffer, request.io);
    }
    void stop() override { generator_.stop(); }
    double progress(util::TimePs elapsed) const override { return generator_.progress(elapsed); }

private:
    IoGenerator generator_;
    std::vector<std::uint32_t> nsids_;
};

constexpr std::uint64_t kDelayStream = 0x6465'6c61'79;

using WrittenOptions = std::shared_ptr<const std::vector<std::pair<std::string, std::string>>>;

std::shared_ptr<const JobReporting> reporting_of(const JobInstance& instance, unsigned number,
                                                 WrittenOptions options) {
    const Job& job = instance.job;
    return std::make_shared<const JobReporting>(
        JobReporting{job.name, number, job.group, job.group_reporting, job.stats,
                     job.lat_percentiles, std::move(options), job.percentiles, job.bw_log,
                     job.lat_log, job.iops_log, job.log_average, job.log_offset});
}

/// Of one clone.
Stream stream_of(const std::vector<JobInstance>& instances, const std::vector<Target>& targets,
                 std::shared_ptr<FlowGroup> flow, unsigned number, WrittenOptions options) {
    const JobInstance& first = instances.front();
    const Job& job = first.job;
    Stream stream;
    stream.name = first.name;
    stream.group = job.name;
    stream.controller = targets.front().controller;
    stream.source = std::make_unique<JobSource>(instances, targets, std::move(flow));
    stream.depth = job.iodepth;
    // A trim has no data.
    stream.largest_request = job.pattern.only_trims() ? 0 : job.largest_block();
    stream.stop_on_mismatch = job.verify_fatal;
    stream.batch = job.batch;
    stream.polled = job.polled;
    stream.priority = job.priority;
    RandomStream delay{mix64(first.seed, kDelayStream)};
    stream.start_delay = job.start_delay + delay.below(job.start_delay_most - job.start_delay + 1);
    stream.ramp_time = job.ramp_time;
    stream.after_group = job.wait_for;
    stream.ends_wave = job.exit_all;
    stream.ends_workload = job.exit_all && job.exit_what == Job::ExitWhat::kAll;
    stream.reporting = reporting_of(first, number, std::move(options));
    return stream;
}

}  // namespace

Workload job_workload(const JobFile& file, const std::vector<std::vector<Target>>& targets,
                      std::vector<std::string>& problems, std::vector<std::string>* notes) {
    std::vector<JobMedia> media(file.jobs.size());
    for (std::size_t i = 0; i < file.jobs.size(); ++i) {
        const Job& job = file.jobs[i];
        for (const Target& target : targets[i]) {
            // Controllers of a subsystem share its namespaces.
            const auto place = static_cast<unsigned>(target.subsystem << 17 | target.nsid);
            media[i].push_back({target.bytes, target.block_bytes, place, true});
            if (target.read_only && (job.pattern.writes || job.pattern.trims))
                problems.push_back(file.file_name + ":" + std::to_string(job.line) + ": [" +
                                   job.name + "]: changes data, but namespace " +
                                   std::to_string(target.nsid) + " is read-only");
            if (!target.keeps_data && job.verify)
                problems.push_back(file.file_name + ":" + std::to_string(job.line) + ": [" +
                                   job.name + "]: verifies data, but namespace " +
                                   std::to_string(target.nsid) + " keeps none");
        }
    }
    const JobPlan plan = plan_jobs(file, media);
    problems.insert(problems.begin(), plan.errors.begin(), plan.errors.end());
    if (notes != nullptr) notes->insert(notes->end(), plan.notes.begin(), plan.notes.end());
    Workload workload;
    if (!problems.empty()) return workload;
    unsigned wave = 0;
    unsigned number = 0;
    WrittenOptions options;                                     // of the job
    std::map<std::uint64_t, std::shared_ptr<FlowGroup>> flows;  // of the wave
    for (auto first = plan.instances.begin(); first != plan.instances.end();) {
        const std::vector<Target>& chosen = targets[first->job_index];
        const auto last = first + static_cast<std::ptrdiff_t>(chosen.size());
        if (workload.empty() || first->job.wave != wave) {
            workload.emplace_back();
            flows.clear();
        }
        wave = first->job.wave;
        if (first->clone == 0)
            options = std::make_shared<const WrittenOptions::element_type>(
                file.jobs[first->job_index].options);
        std::shared_ptr<FlowGroup> flow;
        if (first->job.flow != 0) {
            std::shared_ptr<FlowGroup>& shared = flows[first->job.flow_group];
            if (!shared) shared = std::make_shared<FlowGroup>();
            flow = shared;
        }
        workload.back().push_back(
            stream_of({first, last}, chosen, std::move(flow), ++number, options));
        first = last;
    }
    return workload;
}

}  // namespace platform
