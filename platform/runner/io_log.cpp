// SPDX-License-Identifier: Apache-2.0
#include "platform/runner/io_log.h"

#include <algorithm>

#include "models/util/wide.h"

namespace platform {

namespace {

using util::TimePs;

/// Of `amount` in so much time, per second.
std::uint64_t rate_of(std::uint64_t amount, TimePs time) {
    return static_cast<std::uint64_t>(util::UInt128{amount} * util::kPsPerS /
                                      std::max<TimePs>(time, 1));
}

}  // namespace

std::unique_ptr<IoLog> IoLog::make(const JobReporting& reporting, TimePs begin) {
    if (reporting.bw_log.empty() && reporting.lat_log.empty() && reporting.iops_log.empty())
        return nullptr;
    return std::unique_ptr<IoLog>(new IoLog(reporting, begin));
}

IoLog::IoLog(const JobReporting& reporting, TimePs begin)
    : begin_(begin),
      average_(reporting.log_average),
      offsets_(reporting.log_offset),
      stretch_begin_(begin) {
    bandwidth_.open(reporting.bw_log, "_bw", reporting.number);
    latency_.open(reporting.lat_log, "_lat", reporting.number);
    completion_.open(reporting.lat_log, "_clat", reporting.number);
    iops_.open(reporting.iops_log, "_iops", reporting.number);
}

void IoLog::File::open(const std::string& name, const char* kind, unsigned number) {
    if (name.empty()) return;
    path = name + kind + "." + std::to_string(number) + ".log";
    stream.open(path, std::ios::trunc);
}

void IoLog::line(File& file, TimePs time, std::uint64_t value, std::size_t direction,
                 std::uint64_t bytes, std::uint64_t offset) {
    if (file.path.empty()) return;
    file.stream << (time - begin_) / util::kPsPerMs << ", " << value << ", " << direction << ", "
                << bytes;
    if (offsets_) file.stream << ", " << offset;
    file.stream << ", 0\n";
}

void IoLog::record(const IoRequest& request, TimePs issued, TimePs completed) {
    const std::size_t direction = index_of(request.op);
    if (direction >= stretches_.size()) return;
    const TimePs latency = completed - issued;
    if (average_ == 0) {
        constexpr std::uint64_t kKilobyte = 1000;
        const std::uint64_t ns = latency / util::kPsPerNs;
        line(bandwidth_, completed, rate_of(request.length, latency) / kKilobyte, direction,
             request.length, request.offset);
        line(latency_, completed, ns, direction, request.length, request.offset);
        line(completion_, completed, ns, direction, request.length, request.offset);
        line(iops_, completed, 1, direction, request.length, request.offset);
        return;
    }
    if (completed - stretch_begin_ >= average_) {
        end_stretch(stretch_begin_ + average_);
        stretch_begin_ += (completed - stretch_begin_) / average_ * average_;
    }
    Stretch& stretch = stretches_[direction];
    ++stretch.requests;
    stretch.bytes += request.length;
    stretch.latency += latency;
}

/// A direction that did nothing has no line.
void IoLog::end_stretch(TimePs end) {
    constexpr std::uint64_t kKibibyte = 1024;
    for (std::size_t direction = 0; direction < stretches_.size(); ++direction) {
        Stretch& stretch = stretches_[direction];
        if (stretch.requests == 0) continue;
        const TimePs time = end - stretch_begin_;
        const auto ns =
            static_cast<std::uint64_t>(stretch.latency / stretch.requests / util::kPsPerNs);
        line(bandwidth_, end, rate_of(stretch.bytes, time) / kKibibyte, direction, 0, 0);
        line(latency_, end, ns, direction, 0, 0);
        line(completion_, end, ns, direction, 0, 0);
        line(iops_, end, rate_of(stretch.requests, time), direction, 0, 0);
        stretch = Stretch{};
    }
    stretch_begin_ = end;
}

std::string IoLog::close(TimePs now) {
    if (average_ != 0 && now > stretch_begin_) end_stretch(now);
    for (File* file : {&bandwidth_, &latency_, &completion_, &iops_}) {
        if (file->path.empty()) continue;
        file->stream.close();
        if (!file->stream) return "the log \"" + file->path + "\" cannot be written";
    }
    return {};
}

}  // namespace platform
