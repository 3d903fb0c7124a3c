// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "platform/recording/address_fit.h"
#include "platform/runner/workloads.h"
#include "platform/workload/random.h"
#include "platform/workload/verify_block.h"

namespace platform {

namespace {

constexpr std::size_t kMaxProblems = 20;  // of one recording: then it is the wrong one
constexpr std::uint64_t kDataSeed = 0x7265'706c'6179;

/// Where the requests of a device go.
struct Place {
    Target target;
    AddressFit fit;
};
using Places = std::vector<Place>;

/// Reads the recording again, in step with the simulation: none is too long. Each queue reads it
/// for itself, and takes what is its own: how far one is ahead of another has no limit.
class RecordingSource final : public RequestSource {
public:
    RecordingSource(const std::string& path, const RecordingSummary& recording, Places places,
                    const RunOptions& run, std::uint16_t queue)
        : reader_(path, *recording.format, run.replay),
          places_(std::move(places)),
          requests_(recording.of_queue[queue]),
          late_(recording.late),
          recorded_times_(run.pace == Pace::kRecorded),
          queue_(queue) {}

    /// What keeps the recording from being read; empty: nothing.
    const std::string& error() const { return reader_.error(); }

    Step next(util::TimePs elapsed, StreamRequest& request) override {
        std::optional<ReplayRequest> recorded;
        do {
            const bool ended = stopped_ || issued_ == requests_;
            recorded = ended ? std::nullopt : reader_.next();
        } while (recorded && recorded->queue != queue_);
        if (!recorded || recorded->device >= places_.size())
            return in_flight_ > 0 ? Step::kWait : Step::kDone;
        const Place& place = places_[recorded->device];
        (void)place.fit.fit(*recorded);
        request = {};
        request.nsid = place.target.nsid;
        request.io.op = recorded->op;
        request.io.offset = recorded->offset;
        request.io.length = recorded->length;
        request.io.sequence = issued_++;
        if (recorded_times_) keep_time(recorded->not_before, elapsed, request);
        ++in_flight_;
        return Step::kIssue;
    }
    void complete(const StreamRequest&, bool, util::TimePs) override { --in_flight_; }
    void fill(void* buffer, const StreamRequest& request) const override {
        fill_random(buffer, request.io.length, mix64(kDataSeed + queue_, request.io.sequence));
    }
    void stop() override { stopped_ = true; }
    /// The file was good when it was scanned, but may have changed since.
    std::string problem() const override {
        if (!reader_.error().empty()) return reader_.error();
        if (stopped_ || issued_ == requests_) return {};
        return "the recording has changed: " + std::to_string(issued_) + " of " +
               std::to_string(requests_) + " requests were found again";
    }
    double progress(util::TimePs) const override {
        const auto done = static_cast<double>(issued_ - in_flight_);
        return requests_ == 0 ? 1.0 : done / static_cast<double>(requests_);
    }

private:
    void keep_time(util::TimePs time, util::TimePs elapsed, StreamRequest& request) {
        request.io.not_before = time;
        if (time >= elapsed) return;
        ++late_->requests;
        late_->most = std::max(late_->most, elapsed - time);
    }

    ReplayReader reader_;
    const Places places_;
    const std::uint64_t requests_;
    const std::shared_ptr<Lateness> late_;
    const bool recorded_times_;
    const std::uint16_t queue_;
    std::uint64_t issued_ = 0;
    std::uint64_t in_flight_ = 0;
    bool stopped_ = false;
};

/// Empty, with a problem: there is no namespace for each device.
Places places_of(const std::string& path, const RecordingSummary& recording,
                 const std::vector<Target>& targets, const ReplayOptions& options,
                 std::vector<std::string>& problems) {
    Places places;
    for (const Target& target : targets) {
        // The first controller's: the queues of a replay are its own.
        if (target.controller != 0 || places.size() == recording.devices.size()) continue;
        if (options.redirect != 0 && target.nsid != options.redirect) continue;
        const std::uint64_t end = recording.devices[places.size()].end;
        places.push_back({target, {target.bytes, target.block_bytes, end, options}});
    }
    if (places.size() == recording.devices.size()) return places;
    if (options.redirect != 0)
        problems.push_back("replay_redirect = " + std::to_string(options.redirect) +
                           ": there is no such namespace");
    else
        problems.push_back(path + ": uses " + std::to_string(recording.devices.size()) +
                           " files or devices, but there are only " +
                           std::to_string(places.size()) +
                           " namespaces: one is needed for each; replay_device chooses devices, "
                           "replay_redirect puts all into one namespace");
    return {};
}

/// Why the request cannot go to the namespace, or nothing.
std::string mismatch(ReplayRequest request, const Place& place, RecordingSummary& recording) {
    const std::string ns = "namespace " + std::to_string(place.target.nsid);
    switch (place.fit.fit(request)) {
        case AddressFit::Result::kUnaligned:
            return "offset " + std::to_string(request.offset) + " and length " +
                   std::to_string(request.length) +
                   " are not both multiples of the logical block size " +
                   std::to_string(place.target.block_bytes) + " of " + ns +
                   "; replay_align = " + std::to_string(place.target.block_bytes) + " rounds them";
        case AddressFit::Result::kBeyond:
            return "ends at byte " + std::to_string(request.offset + request.length) + ", but " +
                   ns + " has " + std::to_string(place.target.bytes) +
                   " bytes; replay_beyond = wrap or scale moves it";
        case AddressFit::Result::kTooLong:
            return "is " + std::to_string(request.length) + " bytes long, but " + ns + " has " +
                   std::to_string(place.fit.room()) +
                   " bytes in whole units of replay_align that replay_beyond could move it into";
        case AddressFit::Result::kMoved:
            ++recording.moved;
            break;
        case AddressFit::Result::kFits:
            break;
    }
    if (request.op != Op::kRead && request.op != Op::kFlush && place.target.read_only)
        return "changes data, but " + ns + " is read-only";
    return {};
}

/// Whether every request can go to its namespace: the recording is read for it where the summary
/// alone does not say so.
void check_requests(const std::string& path, RecordingSummary& recording, const Places& places,
                    const ReplayOptions& options, std::vector<std::string>& problems) {
    bool doubtful = false;
    for (std::size_t i = 0; i < places.size(); ++i)
        doubtful = doubtful || places[i].fit.is_needed(recording.devices[i].bits) ||
                   (places[i].target.read_only && recording.changes_data);
    if (!doubtful) return;
    ReplayReader reader(path, *recording.format, options);
    std::size_t found = 0;
    while (const auto request = reader.next()) {
        if (request->device >= places.size()) return;
        const std::string why = mismatch(*request, places[request->device], recording);
        if (why.empty()) continue;
        if (++found > kMaxProblems) {
            problems.push_back(path + ": and more");
            return;
        }
        problems.push_back(reader.place() + why);
    }
    if (!reader.error().empty()) problems.push_back(reader.error());
}

}  // namespace

Workload replay_workload(const std::string& path, RecordingSummary& recording,
                         const std::vector<Target>& targets, const RunOptions& run,
                         std::vector<std::string>& problems) {
    const Places places = places_of(path, recording, targets, run.replay, problems);
    if (places.empty()) return {};
    check_requests(path, recording, places, run.replay, problems);
    Workload workload(1);
    for (std::uint16_t queue = 0; queue < run.replay.queues; ++queue) {
        Stream stream;
        stream.name = stream.group = "replay";
        if (run.replay.queues > 1) stream.name += "." + std::to_string(queue);
        auto source = std::make_unique<RecordingSource>(path, recording, places, run, queue);
        if (!source->error().empty()) {
            problems.push_back(source->error());
            return {};
        }
        stream.source = std::move(source);
        stream.depth = run.depth;
        stream.largest_request = recording.largest;
        workload[0].push_back(std::move(stream));
    }
    return workload;
}

}  // namespace platform
