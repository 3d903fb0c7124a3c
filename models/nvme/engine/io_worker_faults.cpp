// SPDX-License-Identifier: Apache-2.0
// What a fault plan does to commands of I/O queues. Called only while there is a plan.
#include <algorithm>

#include "models/nvme/engine/io_worker.h"
#include "models/nvme/engine/refusals.h"

namespace nvme {
using util::TimePs;
using Kind = FetchVerdict::Kind;
using Stage = IoCommand::Stage;

/// True: the command goes its ordinary way.
bool IoWorker::meet_faults(IoCommand& cmd, TimePs arrived) {
    const FetchVerdict verdict = shared_.faults->on_fetched(cmd.sqid, cmd.sqe, cmd.faults);
    switch (verdict.kind) {
        case Kind::kExecute:
            return true;
        case Kind::kDrop:
            // The controller has lost it and knows nothing of it any more: its slot is free, an
            // Abort does not find it. To the host it is outstanding until the queue goes.
            release(cmd, false);
            return false;
        case Kind::kPostpone:
            push(cmd, std::max(verdict.until, arrived));
            return false;
        case Kind::kComplete:
            cmd.status = verdict.status;
            cmd.status_field = verdict.status_field;
            cmd.dw0 = verdict.dw0;
            if (verdict.more()) log_error(state_, cmd, {verdict.status, "the fault plan says so"});
            ready_to_post(cmd, arrived);
            return false;
    }
    return true;
}

/// Commands whose rule was released are due now.
void IoWorker::release_held() {
    if (releases_seen_ == shared_.faults->releases()) return;
    releases_seen_ = shared_.faults->releases();
    const TimePs now = shared_.now();
    due_.change([&](DueList::Due& d) {
        const IoCommand& cmd = pool_[d.id];
        const CommandFaults& faults = cmd.faults;
        const bool waits = faults.waiting != 0 && cmd.stage != Stage::kSteps;
        if (waits && d.at > now && !shared_.faults->held(faults)) {
            const bool ended = cmd.stage != Stage::kPost || cmd.busy_until <= now;
            d.at = ended ? now : cmd.busy_until;
        }
    });
}

}  // namespace nvme
