// SPDX-License-Identifier: Apache-2.0
// Two commands of one queue that are executed as one. [NVMe-Base-2.0 6.2 Fused Operations]
#include <algorithm>
#include <utility>

#include "models/nvme/engine/io_worker.h"

namespace nvme {
using spec::StatusCode;
using util::TimePs;

/// True: the command waits for the one behind it, or it is the second one and the first takes it
/// along. A first command whose neighbour is no second one ends.
bool IoWorker::pair(SubmissionState& sq, IoCommand& cmd, TimePs arrived) {
    const std::uint32_t fuse = cmd.cdw0().get<spec::Cdw0::Fuse>();
    const CommandId first = std::exchange(sq.fused_first, kNoCommand);
    if (first != kNoCommand && fuse == spec::kFuseSecond) {
        pool_[first].second = cmd.id;
        decode(pool_[first], arrived);
        return true;
    }
    if (first != kNoCommand) decode(pool_[first], arrived);  // to find that it is alone
    if (fuse != spec::kFuseFirst || !fused_offered(state_.params)) return false;
    sq.fused_first = cmd.id;
    return true;
}

/// The second command had to be announced together with the first.
void IoWorker::end_lonely(SubmissionState& sq) {
    const bool comes =
        sq.queue.available() != 0 && !sq.queue.stopped() && !stopped_ && state_.fetching;
    if (!comes) decode(pool_[std::exchange(sq.fused_first, kNoCommand)], shared_.now());
}

/// The first command ends, and the second right behind it.
void IoWorker::end_second(IoCommand& first) {
    IoCommand& second = pool_[std::exchange(first.second, kNoCommand)];
    if (second.refusal) return fail(second, *second.refusal);
    if (first.status == StatusCode::kSuccess)
        return ready_to_post(second, std::max(second.busy_until, first.busy_until));
    const bool taken_out = first.status == StatusCode::kAbortedSqDeletion ||
                           first.status == StatusCode::kAbortedPreemptAndAbort;
    second.status = taken_out ? first.status : StatusCode::kAbortedFailedFused;
    second.status_field = completion_status(second.status, false, false);
    ready_to_post(second, shared_.now());
}

}  // namespace nvme
