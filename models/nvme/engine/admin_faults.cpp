// SPDX-License-Identifier: Apache-2.0
// What a fault plan does to admin commands. A command that is postponed steps aside: those behind
// it are executed meanwhile.
#include <algorithm>

#include "models/nvme/engine/admin_queue.h"
#include "models/nvme/engine/refusals.h"

namespace nvme {
using spec::StatusCode;
using util::kNever;
using util::TimePs;
using Kind = FetchVerdict::Kind;
using Stage = Command::Stage;

/// Called while there is a plan, when `cmd` has become the current command and would run at
/// `arrived`.
void AdminQueue::meet_faults(AdminCommand& cmd, TimePs arrived) {
    const FetchVerdict verdict = shared_.faults->on_fetched(0, cmd.sqe, cmd.faults);
    if (verdict.kind == Kind::kExecute) return;
    current_ = kNoCommand;
    switch (verdict.kind) {
        case Kind::kPostpone:
            cmd.due = std::max(verdict.until, shared_.now());
            held_.push_back(cmd.id);
            break;
        case Kind::kComplete:
            if (verdict.more()) log_error(state_, cmd, {verdict.status, "the fault plan says so"});
            cmd.dw0 = verdict.dw0;
            end(cmd, verdict.status, verdict.status_field, arrived);
            break;
        default:  // it is lost
            pool_.remove(cmd.id);
    }
}

/// A completion that is to be posted later steps aside too. True: it has.
bool AdminQueue::postpones(AdminCommand& cmd, TimePs at) {
    const TimePs due = shared_.faults->on_ended(cmd.faults, at);
    if (cmd.faults.waiting == 0) return false;
    cmd.due = due;
    held_.push_back(cmd.id);
    return true;
}

bool AdminQueue::may_resume(const AdminCommand& held) const {
    return held.stage == Stage::kPost || current_ == kNoCommand;
}

/// Goes on with what is due or released. True: something did.
bool AdminQueue::resume_held() {
    const auto ready = [this](CommandId id) {
        const AdminCommand& held = pool_[id];
        const bool due = held.due <= shared_.now() ||
                         (shared_.faults != nullptr && !shared_.faults->held(held.faults));
        return due && may_resume(held);
    };
    const auto it = std::find_if(held_.begin(), held_.end(), ready);
    if (it == held_.end()) return false;
    AdminCommand& cmd = pool_[*it];
    held_.erase(it);
    cmd.faults.waiting = 0;
    if (cmd.stage == Stage::kPost) {
        end(cmd, cmd.status, cmd.status_field, shared_.now());
        return true;
    }
    current_ = cmd.id;
    cmd.due = util::later(shared_.now(), util::from_ns(state_.params.admin_command_ns));
    return true;
}

TimePs AdminQueue::held_due() const {
    TimePs due = kNever;
    for (const CommandId id : held_)
        if (may_resume(pool_[id])) due = std::min(due, pool_[id].due);
    return due;
}

bool AdminQueue::abort_held(std::uint16_t cid) {
    const auto it = std::find_if(held_.begin(), held_.end(),
                                 [&](CommandId id) { return pool_[id].cid() == cid; });
    if (it == held_.end()) return false;
    AdminCommand& cmd = pool_[*it];
    held_.erase(it);
    cmd.faults = {};
    cmd.dw0 = 0;
    end(cmd, StatusCode::kAbortRequested,
        completion_status(StatusCode::kAbortRequested, false, false), shared_.now());
    return true;
}

}  // namespace nvme
