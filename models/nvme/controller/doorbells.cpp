// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/doorbells.h"

namespace nvme {
using spec::AsyncErrorInfo;
using spec::StatusCode;
using util::TimePs;
using Look = ShadowDoorbells::Look;

namespace {

observe::DoorbellRefusal refusal(bool exists, DoorbellFault fault) {
    using Why = observe::DoorbellRefusal;
    if (!exists) return Why::kNoQueue;
    switch (fault) {
        case DoorbellFault::kOutOfRange:
            return Why::kOutOfRange;
        case DoorbellFault::kOverrun:
            return Why::kOverrun;
        case DoorbellFault::kNone:
            break;
    }
    return Why::kNone;
}

/// False: the buffers cannot be reached.
bool usable(Core& core, std::size_t doorbell, std::uint16_t sqid, const Look& look) {
    if (look.kind != Look::Kind::kFailed) return true;
    if (core.stalled()) {
        core.shadow.look_again(doorbell);
        return true;
    }
    core.queue_error(
        sqid, AsyncErrorInfo::kTransientInternalError,
        {StatusCode::kDataTransferError, "doorbell buffer is unreachable", look.gpa, false});
    return false;
}

Looked taken(Core& core, const DoorbellValue& doorbell, DoorbellFault fault) {
    report_doorbell(core, core.now(), doorbell, true, fault);
    return fault == DoorbellFault::kNone ? Looked::kGood : Looked::kBadValue;
}

}  // namespace

void report_doorbell(Core& core, TimePs at, const DoorbellValue& doorbell, bool exists,
                     DoorbellFault fault) {
    const bool good = exists && fault == DoorbellFault::kNone;
    core.record([&] {
        return observe::Doorbell{at,           doorbell.completion, good,
                                 doorbell.qid, doorbell.value,      refusal(exists, fault)};
    });
    if (good) return;
    const bool sq_known = exists && !doorbell.completion;
    core.queue_error(
        sq_known ? doorbell.qid : ErrorLog::kNoCommand,
        exists ? AsyncErrorInfo::kInvalidDoorbellValue : AsyncErrorInfo::kInvalidDoorbellRegister,
        {StatusCode::kInternalError, "invalid doorbell write", doorbell.value, false});
}

Looked look_at_tail(Core& core, SubmissionQueue& sq) {
    const std::size_t doorbell = ShadowDoorbells::tail_of(sq.id());
    if (sq.stopped() || core.shadow.next_look(doorbell) > core.now()) return Looked::kGood;
    const Look look = core.shadow.look(doorbell, sq.newest_tail(), sq.drained(), core.now());
    if (!usable(core, doorbell, sq.id(), look)) return Looked::kUnreachable;
    if (look.kind != Look::Kind::kMoved) return Looked::kGood;
    return taken(core, {false, sq.id(), look.value}, sq.ring(look.value, look.at));
}

Looked look_at_head(Core& core, CompletionQueue& cq, bool needed) {
    const std::size_t doorbell = ShadowDoorbells::head_of(cq.id());
    const bool ask = needed && !core.shadow.announced(doorbell, cq.newest_head());
    if (!ask && core.shadow.next_look(doorbell) > core.now()) return Looked::kGood;
    const Look look = core.shadow.look(doorbell, cq.newest_head(), needed, core.now());
    if (!usable(core, doorbell, ErrorLog::kNoCommand, look)) return Looked::kUnreachable;
    if (look.kind != Look::Kind::kMoved) return Looked::kGood;
    return taken(core, {true, cq.id(), look.value}, cq.ring(look.value, look.at));
}

}  // namespace nvme
