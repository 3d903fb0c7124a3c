// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/doorbells.h"

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
bool usable(Shared& shared, std::size_t doorbell, std::uint16_t sqid, const Look& look,
            std::uint32_t cqid = observe::kNoId) {
    if (look.kind != Look::Kind::kFailed) return true;
    if (shared.stalled()) {
        shared.shadow.look_again(doorbell);
        return true;
    }
    shared.state.queue_stopped(
        sqid, {StatusCode::kDataTransferError, "doorbell buffer is unreachable", look.gpa, false},
        cqid);
    return false;
}

Looked taken(Shared& shared, const DoorbellValue& doorbell, DoorbellFault fault) {
    report_doorbell(shared, shared.now(), doorbell, true, fault);
    return fault == DoorbellFault::kNone ? Looked::kGood : Looked::kBadValue;
}

}  // namespace

void report_doorbell(Shared& shared, TimePs at, const DoorbellValue& doorbell, bool exists,
                     DoorbellFault fault) {
    const bool good = exists && fault == DoorbellFault::kNone;
    shared.state.record([&] {
        const bool blocked = !shared.state.environment.dma_enabled();
        return observe::Doorbell{at,
                                 doorbell.completion,
                                 good,
                                 doorbell.qid,
                                 doorbell.value,
                                 refusal(exists, fault),
                                 static_cast<std::uint8_t>(blocked)};
    });
    if (good) return;
    const bool sq_known = exists && !doorbell.completion;
    shared.state.queue_error(
        sq_known ? doorbell.qid : ErrorLog::kNoCommand,
        exists ? AsyncErrorInfo::kInvalidDoorbellValue : AsyncErrorInfo::kInvalidDoorbellRegister,
        {StatusCode::kInternalError, "invalid doorbell write", doorbell.value, false});
}

Looked look_at_tail(Shared& shared, SubmissionQueue& sq) {
    const std::size_t doorbell = ShadowDoorbells::tail_of(sq.id());
    if (sq.stopped() || shared.shadow.next_look(doorbell) > shared.now()) return Looked::kGood;
    const Look look = shared.shadow.look(doorbell, sq.newest_tail(), sq.drained(), shared.now());
    if (!usable(shared, doorbell, sq.id(), look)) return Looked::kUnreachable;
    if (look.kind != Look::Kind::kMoved) return Looked::kGood;
    return taken(shared, {false, sq.id(), look.value}, sq.ring(look.value, look.at));
}

Looked look_at_head(Shared& shared, CompletionQueue& cq, bool needed) {
    const std::size_t doorbell = ShadowDoorbells::head_of(cq.id());
    const bool ask = needed && !shared.shadow.announced(doorbell, cq.newest_head());
    if (!ask && shared.shadow.next_look(doorbell) > shared.now()) return Looked::kGood;
    const Look look = shared.shadow.look(doorbell, cq.newest_head(), needed, shared.now());
    if (!usable(shared, doorbell, ErrorLog::kNoCommand, look, cq.id())) return Looked::kUnreachable;
    if (look.kind != Look::Kind::kMoved) return Looked::kGood;
    return taken(shared, {true, cq.id(), look.value}, cq.ring(look.value, look.at));
}

}  // namespace nvme
