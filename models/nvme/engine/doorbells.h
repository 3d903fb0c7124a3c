// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/engine/shared.h"
#include "models/nvme/transport/completion_queue.h"
#include "models/nvme/transport/submission_queue.h"

namespace nvme {

/// A doorbell and the value that the host gave it, by BAR 0 or in the Shadow Doorbell buffer.
struct DoorbellValue {
    bool completion;
    std::uint16_t qid, value;
};
/// Records it, and raises the error event where it is wrong.
void report_doorbell(Shared& shared, util::TimePs at, const DoorbellValue& doorbell, bool exists,
                     DoorbellFault fault);

/// What a look at a shadow doorbell brought. The event of a failure is raised already.
enum class Looked : std::uint8_t { kGood, kBadValue, kUnreachable };

/// Reads the queue's shadow doorbell if it is time to, and asks the host to ring when nothing is
/// left to fetch.
Looked look_at_tail(Shared& shared, SubmissionQueue& sq);
/// The same of the head. `needed`: nothing goes on until it moves; the host is asked to ring then.
Looked look_at_head(Shared& shared, CompletionQueue& cq, bool needed);

}  // namespace nvme
