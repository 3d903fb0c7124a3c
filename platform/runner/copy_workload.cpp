// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "platform/runner/workloads.h"

namespace platform {

namespace {

constexpr std::uint32_t kChunk = 128 * 1024;

/// Reads a piece, writes it from the same buffer, and flushes when all pieces are written.
class CopySource final : public RequestSource {
public:
    CopySource(std::uint32_t from, std::uint32_t to, std::uint64_t bytes)
        : from_(from), to_(to), bytes_(bytes) {}

    Step next(util::TimePs, StreamRequest& request) override {
        request = {};
        if (!stopped_ && read_ < bytes_) {
            request.nsid = from_;
            request.io.offset = read_;
            request.io.length =
                static_cast<std::uint32_t>(std::min<std::uint64_t>(kChunk, bytes_ - read_));
            read_ += request.io.length;
        } else if (in_flight_ > 0) {
            return Step::kWait;
        } else if (!stopped_ && !flushed_) {
            request.nsid = to_;
            request.io.op = Op::kFlush;
            flushed_ = true;
        } else {
            return Step::kDone;
        }
        request.io.sequence = sequence_++;
        ++in_flight_;
        return Step::kIssue;
    }
    bool follow_up(StreamRequest& request) override {
        if (request.io.op != Op::kRead) return false;
        request.io.op = Op::kWrite;
        request.nsid = to_;
        return true;
    }
    void complete(const StreamRequest& request, bool, util::TimePs) override {
        --in_flight_;
        written_ += request.io.length;
    }
    /// Every write follows a read.
    void fill(void*, const StreamRequest&) const override {}
    void stop() override { stopped_ = true; }
    double progress(util::TimePs) const override {
        return bytes_ == 0 ? 1.0 : static_cast<double>(written_) / static_cast<double>(bytes_);
    }

private:
    const std::uint32_t from_, to_;
    const std::uint64_t bytes_;
    std::uint64_t read_ = 0;
    std::uint64_t written_ = 0;
    std::uint64_t in_flight_ = 0;
    std::uint64_t sequence_ = 0;
    bool stopped_ = false;
    bool flushed_ = false;
};

}  // namespace

Workload copy_workload(const Target& from, const Target& to, std::uint32_t depth,
                       std::vector<std::string>& problems) {
    const std::string who =
        "copy = \"" + std::to_string(from.nsid) + ":" + std::to_string(to.nsid) + "\": ";
    if (to.read_only) problems.push_back(who + "the target is read-only");
    if (to.bytes < from.bytes)
        problems.push_back(who + "the target has " + std::to_string(to.bytes) +
                           " bytes, the source " + std::to_string(from.bytes));
    if (from.bytes % to.block_bytes != 0)
        problems.push_back(who + "the source is no multiple of the target's block size " +
                           std::to_string(to.block_bytes));
    Stream stream;
    stream.name = stream.group = "copy";
    stream.source = std::make_unique<CopySource>(from.nsid, to.nsid, from.bytes);
    stream.depth = depth;
    stream.largest_request = kChunk;
    Workload workload(1);
    workload[0].push_back(std::move(stream));
    return workload;
}

}  // namespace platform
