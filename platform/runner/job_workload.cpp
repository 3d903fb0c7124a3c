// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "platform/runner/workloads.h"
#include "platform/workload/job_plan.h"

namespace platform {

namespace {

class JobSource final : public RequestSource {
public:
    JobSource(const JobInstance& instance, std::uint32_t nsid)
        : generator_(instance), nsid_(nsid) {}

    Step next(util::TimePs elapsed, StreamRequest& request) override {
        request.nsid = nsid_;
        return generator_.next(elapsed, request.io);
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
    const std::uint32_t nsid_;
};

}  // namespace

Workload job_workload(const JobFile& file, const std::vector<Target>& targets,
                      std::vector<std::string>& problems) {
    std::vector<JobMedium> media;
    for (std::size_t i = 0; i < file.jobs.size(); ++i) {
        const Job& job = file.jobs[i];
        const Target& target = targets[i];
        // Controllers of a subsystem share its namespaces.
        const auto place = static_cast<unsigned>(target.subsystem << 17 | target.nsid);
        media.push_back({target.bytes, target.block_bytes, place});
        if (target.read_only && (job.pattern.writes || job.pattern.trims))
            problems.push_back(file.file_name + ":" + std::to_string(job.line) + ": [" + job.name +
                               "]: changes data, but namespace " + std::to_string(target.nsid) +
                               " is read-only");
    }
    const JobPlan plan = plan_jobs(file, media);
    problems.insert(problems.begin(), plan.errors.begin(), plan.errors.end());
    Workload workload;
    if (!problems.empty()) return workload;
    unsigned wave = 0;
    for (const JobInstance& instance : plan.instances) {
        if (workload.empty() || instance.job.wave != wave) workload.emplace_back();
        wave = instance.job.wave;
        const Target& target = targets[instance.job_index];
        Stream stream;
        stream.name = instance.name;
        stream.group = instance.job.name;
        stream.controller = target.controller;
        stream.source = std::make_unique<JobSource>(instance, target.nsid);
        stream.depth = instance.job.iodepth;
        stream.largest_request = instance.job.largest_block();
        stream.stop_on_mismatch = instance.job.verify_fatal;
        workload.back().push_back(std::move(stream));
    }
    return workload;
}

}  // namespace platform
