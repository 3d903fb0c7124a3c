// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/reactions.h"

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/registers.h"

namespace driver {
using nvme::spec::AdminOpcode;
using nvme::spec::AsyncEventType;
using nvme::spec::Cc;
using nvme::spec::Csts;
using nvme::spec::LogId;
using nvme::spec::Shn;
using nvme::spec::Shst;

void Reactions::take(const observe::StateChange& e) {
    const Cc before = Cc::from(cc_), cc = Cc::from(e.cc);
    const Csts csts_before = Csts::from(csts_), csts = Csts::from(e.csts);
    cc_ = e.cc;
    csts_ = e.csts;
    const Shn shn = cc.get<Cc::Shn>();
    if (cc.get<Cc::En>() && shn != before.get<Cc::Shn>() && shn != Shn::kNone) {
        ++(shn == Shn::kNormal ? normal_shutdowns : abrupt_shutdowns);
        awaited_ = false;
    }
    const Shst shst_before = csts_before.get<Csts::Shst>(), shst = csts.get<Csts::Shst>();
    if (shst == Shst::kComplete && shst_before != Shst::kComplete) ++completed_shutdowns;
    if (before.get<Cc::En>() && !cc.get<Cc::En>() && shst_before == Shst::kOccurring &&
        e.ps != fault_ps_)
        ++hasty;
    if (csts.get<Csts::Cfs>() && !csts_before.get<Csts::Cfs>()) fatal.happen(e.ps);
    if (!before.get<Cc::En>() && cc.get<Cc::En>()) {
        gone.answer();
        power_cut.answer();
    }
    if (csts.get<Csts::Rdy>() && !csts_before.get<Csts::Rdy>()) slow_ready.answer();
}

void Reactions::take(const observe::RegisterRead& e) {
    details = true;
    if (e.offset != nvme::spec::offset::kCsts || awaited_) return;
    const Csts seen = Csts::from(static_cast<std::uint32_t>(e.value));
    // All ones are no status: the function does not answer.
    if (seen.get<Csts::Shst>() != Shst::kComplete || seen.raw == ~std::uint32_t{0}) return;
    awaited_ = true;
    ++awaited_shutdowns;
}

void Reactions::take(const observe::Reset& e) {
    if (e.kind == observe::ResetKind::kPowerOff && e.ps != fault_ps_ &&
        Cc::from(cc_).get<Cc::En>() &&
        Csts::from(csts_).get<Csts::Shst>() == Shst::kNormalOperation)
        ++power_offs;
    answer_resets();
}

void Reactions::answer_resets() {
    fatal.answer();
    persistent_error.answer();
    abort_in_vain.answer();
}

void Reactions::take(const observe::AsyncEvent& e) {
    using D = nvme::spec::AsyncEventDw0;
    const D event = D::from(e.dw0);
    request_again.happen(e.ps);
    switch (event.get<D::EventType>()) {
        case AsyncEventType::kError:
            error_event.happen(e.ps);
            if (event.get<D::EventInfo>() ==
                static_cast<std::uint8_t>(nvme::spec::AsyncErrorInfo::kPersistentInternalError))
                persistent_error.happen(e.ps);
            return;
        case AsyncEventType::kSmartHealth:
            return health_event.happen(e.ps);
        case AsyncEventType::kNotice:
            if (event.get<D::LogPageId>() !=
                static_cast<std::uint8_t>(LogId::kChangedNamespaceList))
                return;
            namespace_event.happen(e.ps);
            return rescan.happen(e.ps);
        case AsyncEventType::kIoCommandSpecific:
            if (event.get<D::LogPageId>() ==
                static_cast<std::uint8_t>(LogId::kReservationNotification))
                reservation_event.happen(e.ps);
            return;
        default:
            return;
    }
}

void Reactions::take(const observe::NamespaceChange& e) {
    rescan.happen(e.ps);
}

void Reactions::take(const observe::CommandFetched& e) {
    if (e.sqid != 0) return;
    switch (static_cast<AdminOpcode>(e.opcode())) {
        case AdminOpcode::kAsyncEventRequest:
            return request_again.answer();
        case AdminOpcode::kIdentify:
            if (nvme::spec::IdentifyCdw10::from(e.sqe.cdw10)
                    .get<nvme::spec::IdentifyCdw10::Cns>() !=
                static_cast<std::uint8_t>(nvme::spec::Cns::kController))
                rescan.answer();
            return;
        case AdminOpcode::kGetLogPage:
            return read_log(e.sqe);
        default:
            return;
    }
}

/// The log page need not be read to its end, nor the event be cleared by it.
void Reactions::read_log(const nvme::spec::SubmissionEntry& sqe) {
    using Get = nvme::spec::GetLogPageCdw10;
    switch (static_cast<LogId>(Get::from(sqe.cdw10).get<Get::Lid>())) {
        case LogId::kErrorInformation:
            return error_event.answer();
        case LogId::kSmartHealth:
            return health_event.answer();
        case LogId::kChangedNamespaceList:
            return namespace_event.answer();
        case LogId::kReservationNotification:
            return reservation_event.answer();
        default:
            return;
    }
}

void Reactions::take(const observe::Doorbell& e) {
    if (!e.accepted || !e.completion || e.qid == 0) return;
    lost_interrupt.answer();
    extra_interrupt.answer();
}

void Reactions::take(const observe::FaultInjected& e) {
    fault_ps_ = e.ps;
    if (e.action == "lose_interrupt") lost_interrupt.happen(e.ps);
    if (e.action == "raise_interrupt" || e.action == "duplicate_interrupt")
        extra_interrupt.happen(e.ps);
    if (e.action == "delay_ready") slow_ready.happen(e.ps);
    if (e.action == "link_down" || e.action == "remove") gone.happen(e.ps);
    if (e.action == "power_cut") power_cut.happen(e.ps);
}

void Reactions::take(const observe::DmaAccess& e) {
    details = true;
    if (e.kind == observe::DmaKind::kPrpList) ++lists;
}

void Reactions::take(const Landing& landing) {
    // Bit 0 of Dword 0: the command was not aborted.
    if (landing.flight.is(AdminOpcode::kAbort) && landing.good() && (landing.dw0 & 1) != 0)
        abort_in_vain.happen(landing.ps);
}

}  // namespace driver
