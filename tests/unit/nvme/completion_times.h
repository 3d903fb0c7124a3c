// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "tests/unit/nvme/media_load.h"

namespace nvme::test {

/// Rings once for all entries, and runs until each has completed. Returns when the completion
/// entries were written, in picoseconds from now on.
inline std::vector<TimePs> completion_times(MediaTime& t, HostQueue& q,
                                            const std::vector<spec::SubmissionEntry>& entries) {
    const TimePs start = t.h.clock.now();
    const std::uint64_t end = q.cq_base + q.cq_size * sizeof(spec::CompletionEntry);
    std::vector<TimePs> times;
    t.h.memory.on_access = [&](const FakeMemory::Access& access) {
        if (access.write && access.gpa >= q.cq_base && access.gpa < end)
            times.push_back(t.h.clock.now() - start);
    };
    for (const auto& sqe : entries) t.h.push(q, sqe);
    t.h.ring_tail(q);
    t.h.settle();
    t.h.memory.on_access = nullptr;
    while (const auto cqe = t.h.poll(q)) EXPECT_EQ(status_of(*cqe), spec::StatusCode::kSuccess);
    EXPECT_EQ(times.size(), entries.size());
    return times;
}

}  // namespace nvme::test
