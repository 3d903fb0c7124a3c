// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <utility>

#include "platform/runner/workloads.h"
#include "platform/workload/random.h"
#include "platform/workload/verify_block.h"

namespace platform {

namespace {

constexpr std::size_t kMaxProblems = 20;  // of one trace: then it is the wrong trace
constexpr std::uint64_t kDataSeed = 0x7265'706c'6179;

/// Reads the trace a second time, in step with the simulation: no trace is too long.
class TraceSource final : public RequestSource {
public:
    TraceSource(const std::string& path, const TraceSummary& summary, std::vector<Target> targets,
                Pace pace)
        : file_(path),
          reader_(file_),
          requests_(summary.requests),
          targets_(std::move(targets)),
          pace_(pace) {}

    Step next(util::TimePs, StreamRequest& request) override {
        const std::optional<TraceRequest> recorded = stopped_ ? std::nullopt : reader_.next();
        // The file was good when it was scanned. If it has changed since, the replay ends here.
        if (!recorded || recorded->file >= targets_.size())
            return in_flight_ > 0 ? Step::kWait : Step::kDone;
        request = {};
        request.nsid = targets_[recorded->file].nsid;
        request.io.op = recorded->op;
        request.io.offset = recorded->offset;
        request.io.length = recorded->length;
        request.io.sequence = issued_++;
        if (pace_ == Pace::kRecorded) request.io.not_before = recorded->not_before;
        ++in_flight_;
        return Step::kIssue;
    }
    void complete(const StreamRequest&, bool, util::TimePs) override { --in_flight_; }
    void fill(void* buffer, const StreamRequest& request) const override {
        fill_random(buffer, request.io.length, mix64(kDataSeed, request.io.sequence));
    }
    void stop() override { stopped_ = true; }
    double progress(util::TimePs) const override {
        const auto done = static_cast<double>(issued_ - in_flight_);
        return requests_ == 0 ? 1.0 : done / static_cast<double>(requests_);
    }

private:
    std::ifstream file_;
    IologReader reader_;
    const std::uint64_t requests_;
    const std::vector<Target> targets_;
    const Pace pace_;
    std::uint64_t issued_ = 0;
    std::uint64_t in_flight_ = 0;
    bool stopped_ = false;
};

/// Why the request cannot go to the namespace, or nothing.
std::string mismatch(const TraceRequest& request, const Target& target) {
    const std::string ns = "namespace " + std::to_string(target.nsid);
    if (request.op == Op::kFlush) return {};
    if (request.offset % target.block_bytes != 0 || request.length % target.block_bytes != 0)
        return "offset " + std::to_string(request.offset) + " and length " +
               std::to_string(request.length) +
               " are not both multiples of the logical block size " +
               std::to_string(target.block_bytes) + " of " + ns;
    if (request.offset + request.length > target.bytes)
        return "ends at byte " + std::to_string(request.offset + request.length) + ", but " + ns +
               " has " + std::to_string(target.bytes) + " bytes";
    if (request.op != Op::kRead && target.read_only)
        return "changes data, but " + ns + " is read-only";
    return {};
}

}  // namespace

TraceSummary scan_trace(const std::string& path, std::vector<std::string>& problems) {
    TraceSummary summary;
    std::ifstream file(path);
    if (!file || file.peek() == std::ifstream::traits_type::eof()) {
        problems.push_back(path + ": cannot be read, or is empty");
        return summary;
    }
    IologReader reader(file);
    while (const auto request = reader.next()) {
        ++summary.requests;
        if (request->op != Op::kTrim) summary.largest = std::max(summary.largest, request->length);
        if (request->file >= summary.ends.size()) summary.ends.resize(request->file + 1u);
        std::uint64_t& end = summary.ends[request->file];
        end = std::max(end, request->offset + request->length);
    }
    summary.lines_without_request = reader.lines_without_request();
    summary.files = reader.files();
    summary.ends.resize(summary.files.size());
    if (reader.error())
        problems.push_back(reader.error()->text(path));
    else if (summary.requests == 0)
        problems.push_back(path + ": has no requests");
    return summary;
}

Workload replay_workload(const std::string& path, const TraceSummary& summary,
                         const std::vector<Target>& targets, std::uint32_t depth, Pace pace,
                         std::vector<std::string>& problems) {
    if (summary.files.size() > targets.size()) {
        problems.push_back(path + ": uses " + std::to_string(summary.files.size()) +
                           " files, but there are only " + std::to_string(targets.size()) +
                           " namespaces: one is needed for each");
        return {};
    }
    std::ifstream file(path);
    IologReader reader(file);
    std::size_t found = 0;
    while (const auto request = reader.next()) {
        const std::string why = mismatch(*request, targets[request->file]);
        if (why.empty()) continue;
        if (++found > kMaxProblems) {
            problems.push_back(path + ": and more");
            break;
        }
        std::string& problem = problems.emplace_back(path);
        problem.append(":").append(std::to_string(request->line)).append(": ").append(why);
    }
    Stream stream;
    stream.name = stream.group = "replay";
    stream.source = std::make_unique<TraceSource>(path, summary, targets, pace);
    stream.depth = depth;
    stream.largest_request = summary.largest;
    Workload workload(1);
    workload[0].push_back(std::move(stream));
    return workload;
}

}  // namespace platform
