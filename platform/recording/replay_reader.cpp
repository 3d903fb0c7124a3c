// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/replay_reader.h"

#include <algorithm>
#include <limits>

#include "models/util/wide.h"

namespace platform {

namespace {

using Step = RecordingReader::Step;
constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

}  // namespace

ReplayReader::ReplayReader(const std::string& path, const RecordingFormat& format,
                           const ReplayOptions& options)
    : path_(path),
      options_(options),
      skipped_(skipped_ops(options)),
      chosen_(chosen_devices(options)),
      input_(path),
      reader_(format.open(input_, options.format_options())) {
    if (!input_.problem().empty()) fail(input_.problem());
}

std::optional<ReplayRequest> ReplayReader::next() {
    while (!ended_) {
        switch (reader_->next(recorded_)) {
            case Step::kEnd:
                ended_ = true;
                return std::nullopt;
            case Step::kDamage:
                damage_ended_ = options_.damaged == Damaged::kRefuse;
                if (damage_ended_)
                    fail(reader_->damage().text(path_));
                else
                    leave_out("what cannot be understood");
                continue;
            case Step::kCompletion:
                if (on_completion_) on_completion_(recorded_);
                continue;
            case Step::kRequest:
                break;
        }
        ReplayRequest request;
        request.op = recorded_.op;
        if (!choose(request) || !advance_time(request) || !place_in_device(request)) continue;
        request.queue = queue_of();
        ++requests_;
        if (options_.first != 0 && requests_ == options_.first) ended_ = true;
        return request;
    }
    return std::nullopt;
}

void ReplayReader::read_completions(const std::function<bool()>& more) {
    for (unsigned i = 0; i < kMostBehind && more(); ++i) {
        const Step step = reader_->next(recorded_);
        if (step == Step::kEnd) return;
        if (step == Step::kCompletion && on_completion_) on_completion_(recorded_);
    }
}

std::uint64_t ReplayReader::now_ns() const {
    return std::max(recorded_.time_ns, *recording_begin_) - *recording_begin_;
}

bool ReplayReader::choose(ReplayRequest& request) {
    if (!recording_begin_) recording_begin_ = reader_->begin_ns().value_or(recorded_.time_ns);
    // Not the end: times may go back.
    if (options_.to_ns && now_ns() >= *options_.to_ns) {
        leave_out("a request at or after replay_to_ns");
        return false;
    }
    devices_ = reader_->devices().size();
    request.device = recorded_.device;
    if (!chosen_.empty()) {
        const std::string& name = reader_->devices()[recorded_.device];
        const auto found = std::find(chosen_.begin(), chosen_.end(), name);
        request.device = static_cast<std::uint32_t>(found - chosen_.begin());
        if (found == chosen_.end()) {
            leave_out("a request of a device that is not in replay_device");
            return false;
        }
    }
    if (options_.redirect != 0) request.device = 0;
    if (skipped_[index_of(request.op)]) {
        leave_out("an operation in replay_skip");
        return false;
    }
    if (recorded_.length != 0 || request.op == Op::kFlush) return true;
    leave_out("a request of length 0");
    return false;
}

bool ReplayReader::advance_time(ReplayRequest& request) {
    const std::uint64_t now = now_ns();
    if (now < options_.from_ns) {
        leave_out("a request before replay_from_ns");
        return false;
    }
    if (!last_) {
        const bool says_when = options_.from_ns != 0 || reader_->begin_ns();
        last_ = says_when ? options_.from_ns : now;
    }
    std::uint64_t gap = now - std::min(*last_, now);
    last_ = std::max(*last_, now);
    if (options_.gap_ns) gap = std::min(gap, *options_.gap_ns);
    elapsed_ns_ += std::min(gap, kLargest - elapsed_ns_);
    const util::UInt128 time =
        util::UInt128{elapsed_ns_} * (util::kPsPerNs * 100) / options_.time_scale;
    if (time >= util::kNever) {
        fail(place() +
             "is more than 213 days after the beginning of the replay: replay_gap_ns, "
             "replay_time_scale and replay_to_ns make it shorter");
        return false;
    }
    request.not_before = static_cast<util::TimePs>(time);
    return true;
}

bool ReplayReader::place_in_device(ReplayRequest& request) {
    if (request.op == Op::kFlush) return true;  // it has no address
    const std::uint64_t offset = recorded_.offset / options_.scale;
    const std::uint64_t mask = options_.align == 0 ? 0 : options_.align - 1;
    std::uint64_t end = offset + recorded_.length;
    if (end > kLargest - mask) {
        leave_out("a request that ends beyond 2^64 - 1 bytes when it is rounded");
        return false;
    }
    end = (end + mask) & ~mask;
    request.offset = offset & ~mask;
    if (end - request.offset > std::numeric_limits<std::uint32_t>::max()) {
        leave_out("a request that is longer than 2^32 - 1 bytes when it is rounded");
        return false;
    }
    request.length = static_cast<std::uint32_t>(end - request.offset);
    if (request.offset != offset || request.length != recorded_.length) ++rounded_;
    return true;
}

std::uint16_t ReplayReader::queue_of() const {
    switch (options_.queue_by) {
        case QueueBy::kDevice:
            return static_cast<std::uint16_t>(recorded_.device % options_.queues);
        case QueueBy::kCpu:
            return static_cast<std::uint16_t>(recorded_.cpu % options_.queues);
        case QueueBy::kProcess:
            return static_cast<std::uint16_t>(recorded_.process % options_.queues);
        case QueueBy::kRoundRobin:
            break;
    }
    return static_cast<std::uint16_t>(requests_ % options_.queues);
}

std::string ReplayReader::place() const {
    return path_ + reader_->place_of(recorded_) + ": ";
}

std::vector<std::string> ReplayReader::devices() const {
    if (options_.redirect != 0) return {"all devices"};
    if (!chosen_.empty()) return chosen_;
    const auto first = reader_->devices().begin();
    return {first, first + static_cast<std::ptrdiff_t>(devices_)};
}

std::vector<LeftOut> ReplayReader::left_out() const {
    std::vector<LeftOut> all = reader_->left_out();
    all.insert(all.end(), left_out_.begin(), left_out_.end());
    return all;
}

void ReplayReader::fail(const std::string& text) {
    error_ = text;
    ended_ = true;
}

}  // namespace platform
