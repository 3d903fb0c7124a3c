// SPDX-License-Identifier: Apache-2.0
#include "models/observe/driver_lint.h"

#include <algorithm>

#include "models/nvme/spec/nvm_commands.h"
#include "models/nvme/spec/opcodes.h"
#include "models/observe/entry_rules.h"
#include "models/observe/refusal_rules.h"

namespace observe {
using nvme::spec::AdminOpcode;
using nvme::spec::Aqa;
using nvme::spec::Cc;
using nvme::spec::Csts;
using nvme::spec::NvmOpcode;
using nvme::spec::Shn;
using nvme::spec::Shst;
using nvme::spec::StatusCode;
using util::TimePs;
namespace offset = nvme::spec::offset;

namespace {

constexpr TimePs kFullTooLong = 100'000 * util::kPsPerUs;
constexpr TimePs kNoRequestTooLong = util::kPsPerS;
constexpr std::uint32_t kSqeBytes = 64, kCqeBytes = 16;

std::uint32_t command_key(std::uint16_t sqid, std::uint16_t cid) {
    return std::uint32_t{sqid} << 16 | cid;
}
/// Of a queue's memory.
std::uint32_t queue_key(std::uint16_t qid, bool completion) {
    return std::uint32_t{qid} << 1 | (completion ? 1 : 0);
}

bool is(std::uint16_t sqid, std::uint8_t opcode, AdminOpcode which) {
    return sqid == 0 && opcode == static_cast<std::uint8_t>(which);
}
bool is(std::uint16_t sqid, std::uint8_t opcode, NvmOpcode which) {
    return sqid != 0 && opcode == static_cast<std::uint8_t>(which);
}

}  // namespace

void DriverLint::find(TimePs ps, LintRule rule, std::uint64_t value, std::uint32_t qid,
                      std::uint32_t cid) {
    const LintFinding finding{ps, rule, qid, cid, value};
    Count& count = counts_[static_cast<std::size_t>(rule)];
    if (count.count++ == 0) count.first = finding;
    ++(lint_rule(rule).hint ? hints_ : findings_);
    if (out_ != nullptr) out_->record(finding);
}

// Properties.

void DriverLint::record(const RegisterWrite& e) {
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
        if (!sqs_.empty() || !cqs_.empty()) frozen |= Cc::Iosqes::kMask | Cc::Iocqes::kMask;
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
    (void)memory_.add_queue(queue_key(0, false), asq_, std::uint64_t{sq_z + 1} * kSqeBytes);
    if (!memory_.add_queue(queue_key(0, true), acq_, std::uint64_t{cq_z + 1} * kCqeBytes))
        find(ps, LintRule::kQueueOverlap, acq_, 0);
}

void DriverLint::check_shutdown(TimePs ps, Cc cc) {
    if (!sqs_.empty() || !cqs_.empty())
        find(ps, LintRule::kShutdownWithQueues, sqs_.size() + cqs_.size());
    const std::size_t commands =
        outstanding_.size() - std::min<std::size_t>(outstanding_.size(), event_requests_);
    if (commands != 0) find(ps, LintRule::kShutdownWithCommands, commands);
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
    // A normal shutdown leaves nothing in the cache.
    if (csts_.get<Csts::Shst>() == Shst::kComplete && cc_.get<Cc::Shn>() == Shn::kNormal)
        unflushed_.clear();
}

void DriverLint::forget_queues() {
    sqs_.clear();
    cqs_.clear();
    outstanding_.clear();
    event_requests_ = 0;
    no_request_since_ = util::kNever;
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

// Queues.

void DriverLint::record(const Doorbell& e) {
    check_event_requests(e.ps);
    if (!e.completion && e.accepted) saw_entries(e.qid);
    switch (e.why) {
        case DoorbellRefusal::kNone:
            if (!e.completion && csts_.get<Csts::Shst>() != Shst::kNormalOperation)
                find(e.ps, LintRule::kDoorbellAfterShutdown, e.value, e.qid);
            return;
        case DoorbellRefusal::kNotReady:
            return find(e.ps, LintRule::kDoorbellNotReady, e.value, e.qid);
        case DoorbellRefusal::kNoQueue:
            return find(e.ps, LintRule::kDoorbellNoQueue, e.value, e.qid);
        case DoorbellRefusal::kOutOfRange:
            return find(e.ps, LintRule::kDoorbellOutOfRange, e.value, e.qid);
        case DoorbellRefusal::kOverrun:
            return find(e.ps, LintRule::kDoorbellOverrun, e.value, e.qid);
    }
}

void DriverLint::record(const QueueChange& e) {
    if (!e.created) {
        memory_.remove_queue(queue_key(e.qid, e.completion));
        if (e.completion)
            cqs_.erase(e.qid);
        else
            forget_queue(e.qid);
        return;
    }
    const std::uint64_t bytes = std::uint64_t{e.size} * (e.completion ? kCqeBytes : kSqeBytes);
    if (!memory_.add_queue(queue_key(e.qid, e.completion), e.base, bytes))
        find(e.ps, LintRule::kQueueOverlap, e.base, e.qid);
    if (e.completion)
        cqs_[e.qid].size = e.size;
    else
        sqs_.insert(e.qid);
}

/// What was outstanding ended with the queue, with or without a completion.
void DriverLint::forget_queue(std::uint16_t sqid) {
    sqs_.erase(sqid);
    for (auto it = outstanding_.begin(); it != outstanding_.end();) {
        const std::uint32_t key = it->first;
        if (key >> 16 != sqid) {
            ++it;
            continue;
        }
        memory_.remove_buffers(key);
        it = outstanding_.erase(it);
    }
}

void DriverLint::saw_entries(std::uint16_t sqid) {
    if (sqid >= backlogs_.size()) backlogs_.resize(sqid + 1u);
    if (backlogs_[sqid].empty) backlogs_[sqid] = {false, ++moment_};
}

void DriverLint::record(const QueueLevels& e) {
    if (e.sqid < backlogs_.size()) backlogs_[e.sqid].empty = e.sq_head == e.sq_tail;
    const auto found = cqs_.find(e.cqid);
    if (found == cqs_.end()) return;
    CompletionQueue& cq = found->second;
    // The time counts from when a completion waits, and not from when the queue looks full: a head
    // in shadow memory is only read when there is need for room.
    if (e.waiting == 0) {
        cq.waited_since = util::kNever;
    } else if (cq.waited_since == util::kNever) {
        cq.waited_since = e.ps;
    } else if (e.ps - cq.waited_since >= kFullTooLong) {
        find(e.ps, LintRule::kCompletionQueueFull, cq.size, e.cqid);
        cq.waited_since = e.ps;
    }
}

void DriverLint::record(const Interrupt& e) {
    if (e.address != 0) return;
    if (e.vector >= vectors_told_.size()) vectors_told_.resize(e.vector + 1u);
    if (!vectors_told_[e.vector]) find(e.ps, LintRule::kVectorWithoutEntry, e.vector);
    vectors_told_[e.vector] = true;
}

// Commands.

void DriverLint::record(const CommandFetched& e) {
    using C = nvme::spec::ReadWriteCdw12;
    saw_entries(e.sqid);
    const Outstanding command{e.opcode,
                              e.nsid,
                              C::from(e.cdw12).get<C::Fua>(),
                              static_cast<std::uint32_t>(e.slba),
                              ++moment_,
                              backlogs_[e.sqid].since};
    const auto [it, is_new] = outstanding_.insert({command_key(e.sqid, e.cid), command});
    if (!is_new) {
        find(e.ps, LintRule::kCidReused, e.opcode, e.sqid, e.cid);
        it->second = command;
    }
    if (is(e.sqid, e.opcode, AdminOpcode::kAsyncEventRequest)) {
        ++event_requests_;
        no_request_since_ = util::kNever;
    }
    if (e.sqe == nullptr) return;
    if (const auto problem = check_entry(e.sqid == 0, *e.sqe))
        find(e.ps, problem->rule, problem->value, e.sqid, e.cid);
}

void DriverLint::record(const CommandRefused& e) {
    const auto rule = broken_rule(e);
    if (!rule) return;
    if (rule == LintRule::kNsidInvalid || rule == LintRule::kLbaOutOfRange) {
        const auto it = outstanding_.find(command_key(e.sqid, e.cid));
        if (it != outstanding_.end() &&
            news_.may_be_unknown(it->second.nsid, it->second.submitted_after))
            return;
    }
    find(e.ps, *rule, e.value, e.sqid, e.cid);
}

void DriverLint::record(const DataBuffer& e) {
    switch (memory_.add_buffer(command_key(e.sqid, e.cid), e.gpa, e.len, e.to_host)) {
        case MemoryLint::Meets::kQueue:
            return find(e.ps, LintRule::kBufferInQueue, e.gpa, e.sqid, e.cid);
        case MemoryLint::Meets::kBuffer:
            return find(e.ps, LintRule::kBufferOverlap, e.gpa, e.sqid, e.cid);
        case MemoryLint::Meets::kNothing:
            return;
    }
}

void DriverLint::record(const CommandCompleted& e) {
    const auto it = outstanding_.find(command_key(e.sqid, e.cid));
    if (it == outstanding_.end()) return;
    const Outstanding command = it->second;
    outstanding_.erase(it);
    memory_.remove_buffers(command_key(e.sqid, e.cid));
    if (is(e.sqid, e.opcode, AdminOpcode::kAsyncEventRequest)) {
        if (event_requests_ != 0) --event_requests_;
        // Without another request the next event has to wait. The driver can know from now on.
        if (event_requests_ == 0 && e.status == StatusCode::kSuccess) no_request_since_ = e.ps;
    }
    if (e.status != StatusCode::kSuccess) return;
    if (e.sqid == 0)
        news_.answered(e.opcode, command.nsid, command.cdw10, command.fetched, ++moment_);
    if (!options_.volatile_write_cache) return;
    if (is(e.sqid, e.opcode, NvmOpcode::kFlush)) {
        if (command.nsid == nvme::spec::kNsidBroadcast)
            unflushed_.clear();
        else
            unflushed_.erase(command.nsid);
    }
    if (is(e.sqid, e.opcode, NvmOpcode::kWrite) && !command.durable)
        unflushed_.insert(command.nsid);
}

void DriverLint::record(const AsyncEvent& e) {
    last_event_ = e.dw0;
}

void DriverLint::record(const NamespaceChange& e) {
    news_.changed(e.nsid, ++moment_);
}

void DriverLint::check_event_requests(TimePs ps) {
    if (no_request_since_ == util::kNever || ps < no_request_since_ + kNoRequestTooLong) return;
    find(ps, LintRule::kNoEventRequest, last_event_, 0);
    no_request_since_ = util::kNever;
}

}  // namespace observe
