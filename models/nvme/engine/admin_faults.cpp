// SPDX-License-Identifier: Apache-2.0
// What a fault plan does to admin commands. A command that is postponed steps aside: those behind
// it are executed meanwhile.
#include <algorithm>

#include "models/nvme/engine/admin_queue.h"

namespace nvme {
using spec::StatusCode;
using util::kNever;
using util::TimePs;
using Kind = FetchVerdict::Kind;

/// Called while there is a plan, right after `current_` was fetched.
void AdminQueue::meet_faults() {
    AdminCommand& cmd = *current_;
    const FetchVerdict verdict = shared_.faults->on_fetched(0, cmd.sqe, cmd.faults);
    if (verdict.kind == Kind::kExecute) return;
    const Outstanding self{cmd.cid(), cmd.opcode(), current_fetched_, cmd.faults};
    if (verdict.kind == Kind::kPostpone)
        held_.push_back({self, std::max(verdict.until, shared_.now()), cmd, {}, 0, 0, false});
    if (verdict.kind == Kind::kComplete && verdict.more()) {
        ErrorLog::Context context;
        context.sqid = 0;
        context.cid = cmd.cid();
        state_.errors.add(context, {verdict.status, "the fault plan says so"});
    }
    if (verdict.kind == Kind::kComplete)
        enqueue(self, verdict.status, verdict.status_field, verdict.dw0, current_due_);
    current_.reset();
}

/// A completion that is to be posted later steps aside too. True: it has.
bool AdminQueue::postpones(const Outstanding& command, StatusCode status, std::uint16_t field,
                           std::uint32_t dw0, TimePs at) {
    Outstanding self = command;
    const TimePs due = shared_.faults->on_ended(self.faults, at);
    if (self.faults.waiting == 0) return false;
    held_.push_back({self, due, {}, status, field, dw0, true});
    return true;
}

bool AdminQueue::may_resume(const Held& held) const {
    return held.ended || !current_;
}

/// Goes on with what is due or released. True: something did.
bool AdminQueue::resume_held() {
    const auto ready = [this](const Held& h) {
        const bool due = h.due <= shared_.now() ||
                         (shared_.faults != nullptr && !shared_.faults->held(h.command.faults));
        return due && may_resume(h);
    };
    const auto it = std::find_if(held_.begin(), held_.end(), ready);
    if (it == held_.end()) return false;
    Held held = *it;
    held_.erase(it);
    held.command.faults.waiting = 0;
    if (held.ended) {
        enqueue(held.command, held.status, held.field, held.dw0, shared_.now());
        return true;
    }
    current_ = held.entry;
    current_->faults.waiting = 0;
    current_fetched_ = held.command.fetched;
    current_due_ = util::later(shared_.now(), util::from_ns(state_.params.admin_command_ns));
    return true;
}

TimePs AdminQueue::held_due() const {
    TimePs due = kNever;
    for (const Held& held : held_)
        if (may_resume(held)) due = std::min(due, held.due);
    return due;
}

bool AdminQueue::abort_held(std::uint16_t cid) {
    const auto it = std::find_if(held_.begin(), held_.end(),
                                 [cid](const Held& h) { return h.command.cid == cid; });
    if (it == held_.end()) return false;
    Outstanding command = it->command;
    command.faults = {};
    held_.erase(it);
    enqueue(command, StatusCode::kAbortRequested,
            completion_status(StatusCode::kAbortRequested, false, false), 0, shared_.now());
    return true;
}

}  // namespace nvme
