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

std::vector<Target> targets_of(const std::vector<OpenNamespace>& namespaces) {
    std::vector<Target> targets;
    targets.reserve(namespaces.size());
    for (const OpenNamespace& ns : namespaces)
        targets.push_back({ns.config.nsid, ns.bytes(), ns.config.lba_size, ns.store->read_only()});
    return targets;
}

Workload job_workload(const JobFile& file, const Target& target,
                      std::vector<std::string>& problems) {
    const JobPlan plan = plan_jobs(file, target.bytes, target.block_bytes);
    problems.insert(problems.end(), plan.errors.begin(), plan.errors.end());
    for (const Job& job : file.jobs) {
        if (target.read_only && (job.pattern.writes || job.pattern.trims))
            problems.push_back(file.file_name + ":" + std::to_string(job.line) + ": [" + job.name +
                               "]: changes data, but namespace " + std::to_string(target.nsid) +
                               " is read-only");
    }
    Workload workload;
    if (!problems.empty()) return workload;
    unsigned wave = 0;
    for (const JobInstance& instance : plan.instances) {
        if (workload.empty() || instance.job.wave != wave) workload.emplace_back();
        wave = instance.job.wave;
        Stream stream;
        stream.name = instance.name;
        stream.group = instance.job.name;
        stream.source = std::make_unique<JobSource>(instance, target.nsid);
        stream.depth = instance.job.iodepth;
        stream.largest_request = instance.job.largest_block();
        stream.stop_on_mismatch = instance.job.verify_fatal;
        workload.back().push_back(std::move(stream));
    }
    return workload;
}

}  // namespace platform
