// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/recorded_latency.h"

#include <algorithm>

namespace platform {

void RecordedLatency::begin(const Recorded& request) {
    begin_ns_ = std::min(begin_ns_, request.time_ns);
    if (request.latency_ns) return record(request, *request.latency_ns);
    if (request.key == 0) return;
    if (open_.size() == kMostOpen) open_.clear();
    open_[request.key] = request;
}

void RecordedLatency::end(const Recorded& completion) {
    const auto request = open_.find(completion.key);
    if (request == open_.end()) return;
    const std::uint64_t began = request->second.time_ns;
    record(request->second, std::max(completion.time_ns, began) - began);
    open_.erase(request);
}

void RecordedLatency::record(const Recorded& request, std::uint64_t latency_ns) {
    const util::TimePs issued = util::from_ns(request.time_ns - begin_ns_);
    statistics_.record(request.op, request.length, issued,
                       util::later(issued, util::from_ns(latency_ns)));
}

}  // namespace platform
