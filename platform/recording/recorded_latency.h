// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <unordered_map>

#include "platform/recording/recorded.h"
#include "platform/workload/statistics.h"

namespace platform {

/// How long requests took when they were recorded, as far as the recording says it: with the
/// request, or by a completion that belongs to it.
class RecordedLatency {
public:
    void begin(const Recorded& request);
    void end(const Recorded& completion);

    /// Requests without an end so far, of which there may be one.
    [[nodiscard]] std::size_t open() const { return open_.size(); }
    /// Over the time of the recording, in ps since its first request.
    [[nodiscard]] const IoStatistics& statistics() const { return statistics_; }
    [[nodiscard]] bool empty() const { return statistics_.duration() == 0; }

private:
    /// Requests without an end. So many are those of a recording that has no ends, or lost them.
    static constexpr std::size_t kMostOpen = 65'536;

    void record(const Recorded& request, std::uint64_t latency_ns);

    std::unordered_map<std::uint64_t, Recorded> open_;  // by key
    std::uint64_t begin_ns_ = ~std::uint64_t{0};        // of the first request
    IoStatistics statistics_;
};

}  // namespace platform
