// SPDX-License-Identifier: Apache-2.0
#include "models/observe/driver_lint.h"

#include <algorithm>

#include "models/nvme/spec/registers.h"

namespace observe {
using nvme::spec::Aqa;
using nvme::spec::Cc;
using nvme::spec::Csts;
using nvme::spec::Shn;
using nvme::spec::Shst;
using util::TimePs;
namespace offset = nvme::spec::offset;

void DriverLint::find(TimePs ps, LintRule rule, std::uint64_t value, std::uint32_t qid,
                      std::uint32_t cid, std::string_view why) {
    // A reader's text goes with its line.
    if (!why.empty()) {
        const auto known = whys_.find(why);
        why = known == whys_.end() ? *whys_.emplace(why).first : *known;
    }
    const LintFinding finding{ps, rule, qid, cid, value, why};
    Count& count = counts_[static_cast<std::size_t>(rule)];
    if (count.count++ == 0)
        count.first = finding;
    else if (count.next.size() < Count::kMostNext)
        count.next.push_back(finding);
    ++(lint_rule(rule).hint ? hints_ : findings_);
    if (out_ != nullptr) out_->record(finding);
}

void DriverLint::look(TimePs now) {
    check_event_requests(now);
    for (const CompletionWatch::Problem& problem : watch_.look(now))
        find(now, problem.rule, problem.value, problem.cqid, kNone, problem.why);
}

void DriverLint::check_event_requests(TimePs ps) {
    if (ps < no_request_until_) return;
    find(ps, LintRule::kNoEventRequest, last_event_, 0);
    no_request_until_ = util::kNever;
}

// Properties.

void DriverLint::record(const RegisterWrite& e) {
    reach(e.ps);
    const bool wide =
        e.offset == offset::kCap || e.offset == offset::kAsq || e.offset == offset::kAcq;
    if (e.size == 4 || wide) return write_property(e.ps, e.offset, e.size, e.value);
    write_property(e.ps, e.offset, 4, e.value & 0xffff'ffff);
    write_property(e.ps, e.offset + 4, 4, e.value >> 32);
}

void DriverLint::write_property(TimePs ps, std::uint32_t at, unsigned size, std::uint64_t value) {
    switch (at) {
        case offset::kCc:
            return write_cc(ps, Cc::from(static_cast<std::uint32_t>(value)));
        case offset::kAqa:
        case offset::kAsq:
        case offset::kAsq + 4:
        case offset::kAcq:
        case offset::kAcq + 4:
            return write_admin_queue(ps, at, size, value);
        case offset::kCap:
        case offset::kCap + 4:
        case offset::kVs:
        case offset::kCrto:
            return find(ps, LintRule::kRegisterReadOnly, at);
        case offset::kCsts:
            // Only NSSRO is written, with 1 to clear it.
            if ((value & ~std::uint64_t{Csts::Nssro::kMask}) != 0)
                find(ps, LintRule::kRegisterReadOnly, at);
            return;
        case offset::kIntms:
        case offset::kIntmc:
        case offset::kNssr:
            return;
        default:
            return find(ps, LintRule::kRegisterReserved, at);
    }
}

void DriverLint::write_admin_queue(TimePs ps, std::uint32_t at, unsigned size,
                                   std::uint64_t value) {
    if (cc_.get<Cc::En>()) return find(ps, LintRule::kAdminQueueWhileEnabled, at);
    if (at == offset::kAqa) {
        aqa_ = static_cast<std::uint32_t>(value);
        return;
    }
    std::uint64_t& base = at >= offset::kAcq ? acq_ : asq_;
    if (size == 8)
        base = value;
    else if (at % 8 == 0)
        base = (base & ~std::uint64_t{0xffff'ffff}) | value;
    else
        base = (base & 0xffff'ffff) | value << 32;
}

void DriverLint::write_cc(TimePs ps, Cc cc) {
    const Cc before = cc_;
    cc_ = cc;
    if (cc.get<Cc::Rsvd1>() != 0 || cc.get<Cc::Rsvd25>() != 0)
        find(ps, LintRule::kCcReserved, cc.raw);
    const bool was = before.get<Cc::En>(), enabled = cc.get<Cc::En>();
    if (!was && enabled) check_enable(ps);
    if (was && !enabled && !csts_.get<Csts::Rdy>() && !csts_.get<Csts::Cfs>())
        find(ps, LintRule::kDisableTooEarly, csts_.raw);
    if (was && enabled) {
        const std::uint32_t changed = before.raw ^ cc.raw;
        std::uint64_t frozen = Cc::Css::kMask | Cc::Mps::kMask | Cc::Ams::kMask;
        if (io_queues() != 0) frozen |= Cc::Iosqes::kMask | Cc::Iocqes::kMask;
        if ((changed & frozen) != 0) find(ps, LintRule::kCcFrozen, cc.raw);
    }
    const Shn shn = cc.get<Cc::Shn>();
    if (enabled && shn != before.get<Cc::Shn>() && shn != Shn::kNone) check_shutdown(ps, cc);
}

void DriverLint::check_enable(TimePs ps) {
    if (csts_.get<Csts::Rdy>()) find(ps, LintRule::kEnableTooEarly, csts_.raw);
    const Aqa aqa = Aqa::from(aqa_);
    const std::uint32_t sq_z = aqa.get<Aqa::Asqs>(), cq_z = aqa.get<Aqa::Acqs>();
    if (sq_z == 0 || cq_z == 0 || aqa.get<Aqa::Rsvd12>() != 0 || aqa.get<Aqa::Rsvd28>() != 0)
        find(ps, LintRule::kAdminQueueSize, aqa_);
    for (const std::uint64_t base : {asq_, acq_})
        if (base == 0 || (base & ~nvme::spec::kAdminQueueBaseMask) != 0)
            find(ps, LintRule::kAdminQueueBase, base);
    forget_queues();
    commands_.set_entries(0, sq_z + 1);
    watch_.created(0, std::max(cq_z, 1u) + 1, 0);  // the controller takes two at least
    (void)memory_.add_queue(queue_key(0, false), asq_, std::uint64_t{sq_z + 1} * kSqeBytes);
    if (!memory_.add_queue(queue_key(0, true), acq_, std::uint64_t{cq_z + 1} * kCqeBytes))
        find(ps, LintRule::kQueueOverlap, acq_, 0);
}

void DriverLint::check_shutdown(TimePs ps, Cc cc) {
    if (io_queues() != 0) find(ps, LintRule::kShutdownWithQueues, io_queues());
    if (outstanding() != 0) find(ps, LintRule::kShutdownWithCommands, outstanding());
    if (cc.get<Cc::Shn>() == Shn::kAbrupt && !unflushed_.empty())
        find(ps, LintRule::kAbruptWithCache, unflushed_.size());
}

void DriverLint::record(const StateChange& e) {
    cc_ = Cc::from(e.cc);
    csts_ = Csts::from(e.csts);
    if (!csts_.get<Csts::Rdy>() && !cc_.get<Cc::En>()) forget_queues();
    if (e.other_properties) {
        aqa_ = 0;
        asq_ = acq_ = 0;
    }
    // After a shutdown nobody looks any more.
    if (csts_.get<Csts::Shst>() != Shst::kNormalOperation) {
        watch_.forget_queues();
        no_request_until_ = util::kNever;
    }
    // A normal shutdown leaves nothing in the cache.
    if (csts_.get<Csts::Shst>() == Shst::kComplete && cc_.get<Cc::Shn>() == Shn::kNormal)
        unflushed_.clear();
}

/// CSTS.CFS, or a queue that has stopped.
void DriverLint::record(const ControllerError& e) {
    using nvme::spec::StatusCode;
    if (e.ps == fault_ps_) return;
    if (e.status == StatusCode::kKeepAliveTimerExpired) {
        // A plan that has acted may have taken the command away.
        if (fault_ps_ == util::kNever) find(e.ps, LintRule::kKeepAliveExpired, e.value);
        return;
    }
    // Anything else is what a fault plan or the platform has wanted.
    if (e.status != StatusCode::kInvalidField && e.status != StatusCode::kDataTransferError) return;
    find(e.ps, e.fatal ? LintRule::kFatal : LintRule::kQueueUnreachable, e.value,
         e.cqid != kNone ? e.cqid : e.sqid, kNone, e.reason);
}

void DriverLint::record(const Reset& e) {
    if (e.kind == ResetKind::kController) {
        if (outstanding() != 0) find(e.ps, LintRule::kResetWithCommands, outstanding());
        return;
    }
    // A function level reset leaves the cache as it is.
    if (e.kind == ResetKind::kFunction || unflushed_.empty()) return;
    if (csts_.get<Csts::Shst>() == Shst::kNormalOperation && e.ps != fault_ps_)
        find(e.ps, LintRule::kResetWithCache, unflushed_.size());
    unflushed_.clear();
}

void DriverLint::record(const FaultInjected& e) {
    fault_ps_ = e.ps;
    doorbell_may_be_late_ = true;
}

void DriverLint::forget_queues() {
    sqs_.clear();
    cqs_.clear();
    watch_.reset();
    doorbells_.clear();
    queues_negotiated_ = false;
    commands_.clear();
    outstanding_ = 0;
    event_requests_ = 0;
    no_request_until_ = util::kNever;
    backlogs_.clear();
    news_.clear();
    memory_.clear();
}

void DriverLint::record(const AccessRefused& e) {
    if (e.why == AccessRefusal::kMemorySpace)
        return find(e.ps, LintRule::kMemorySpaceDisabled, e.offset);
    find(e.ps,
         e.offset >= offset::kDoorbells ? LintRule::kDoorbellAccess : LintRule::kRegisterAccess,
         e.offset);
}

}  // namespace observe
