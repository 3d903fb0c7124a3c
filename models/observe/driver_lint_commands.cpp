// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/nvm_commands.h"
#include "models/nvme/spec/opcodes.h"
#include "models/observe/driver_lint.h"
#include "models/observe/entry_rules.h"
#include "models/observe/refusal_rules.h"

namespace observe {
using nvme::spec::AdminOpcode;
using nvme::spec::FeatureId;
using nvme::spec::NvmOpcode;
using nvme::spec::StatusCode;
using util::TimePs;

namespace {

constexpr TimePs kNoRequestTooLong = util::kPsPerS;

bool is(std::uint16_t sqid, std::uint8_t opcode, AdminOpcode which) {
    return sqid == 0 && opcode == static_cast<std::uint8_t>(which);
}
bool is(std::uint16_t sqid, std::uint8_t opcode, NvmOpcode which) {
    return sqid != 0 && opcode == static_cast<std::uint8_t>(which);
}

}  // namespace

void DriverLint::record(const CommandFetched& e) {
    using C = nvme::spec::ReadWriteCdw12;
    reach(e.ps);
    saw_entries(e.sqid);
    CommandSlot& command = commands_.take(e.sqid, e.cid());
    const bool written = was_written(e, command);
    if (!command.outstanding)
        ++outstanding_;
    else if (written)
        find(e.ps, LintRule::kCidReused, e.opcode(), e.sqid, e.cid());
    command.outstanding = true;
    command.opcode = e.opcode();
    command.nsid = e.sqe.nsid;
    command.durable = C::from(e.sqe.cdw12).get<C::Fua>();
    command.cdw10 = e.sqe.cdw10;
    command.fetched = ++moment_;
    command.submitted_after = backlogs_[e.sqid].since;
    if (is(e.sqid, e.opcode(), AdminOpcode::kAsyncEventRequest)) {
        ++event_requests_;
        no_request_until_ = util::kNever;
    }
    check_negotiation(e);
    if (!written) return;
    if (const auto problem = check_entry(e.sqid == 0, e.sqe))
        find(e.ps, problem->rule, problem->value, e.sqid, e.cid());
}

/// An entry of zeros is none that a driver has meant: Flush without a namespace, or Delete I/O
/// Submission Queue 0.
bool DriverLint::was_written(const CommandFetched& e, CommandSlot& command) {
    static constexpr nvme::spec::SubmissionEntry kZeros{};
    command.unwritten = std::memcmp(&e.sqe, &kZeros, sizeof kZeros) == 0;
    if (command.unwritten) find(e.ps, LintRule::kEntryNotWritten, 0, e.sqid, e.cid());
    return !command.unwritten;
}

void DriverLint::check_negotiation(const CommandFetched& e) {
    using Create = nvme::spec::CreateQueueCdw10;
    const bool creates = is(e.sqid, e.opcode(), AdminOpcode::kCreateIoCq) ||
                         is(e.sqid, e.opcode(), AdminOpcode::kCreateIoSq);
    if (!creates || queues_negotiated_) return;
    queues_negotiated_ = true;  // said once
    find(e.ps, LintRule::kQueuesNotNegotiated, Create::from(e.sqe.cdw10).get<Create::Qid>(), 0,
         e.cid());
}

/// An admin command has succeeded.
void DriverLint::take_over(std::uint8_t opcode, std::uint32_t cdw10) {
    using Set = nvme::spec::SetFeaturesCdw10;
    if (is(0, opcode, AdminOpcode::kDoorbellBufferConfig)) watch_.heads_are_shadowed();
    if (is(0, opcode, AdminOpcode::kSetFeatures) &&
        static_cast<FeatureId>(Set::from(cdw10).get<Set::Fid>()) == FeatureId::kNumberOfQueues)
        queues_negotiated_ = true;
}

void DriverLint::record(const CommandRefused& e) {
    const auto rule = broken_rule(e);
    if (!rule) return;
    if (rule == LintRule::kMemoryUnreachable && e.ps == fault_ps_) return;
    const CommandSlot* const command = commands_.find(e.sqid, e.cid);
    if (command != nullptr && command->unwritten) return;  // that is why
    if (rule == LintRule::kNsidInvalid || rule == LintRule::kLbaOutOfRange) {
        if (command != nullptr && command->outstanding &&
            news_.may_be_unknown(command->nsid, command->submitted_after))
            return;
    }
    find(e.ps, *rule, e.value, e.sqid, e.cid, e.reason);
}

void DriverLint::record(const DataBuffer& e) {
    const std::uint32_t key = std::uint32_t{e.sqid} << 16 | e.cid;
    CommandSlot& command = commands_.take(e.sqid, e.cid);
    if (e.gpa == 0) find(e.ps, LintRule::kDataPointerZero, e.gpa, e.sqid, e.cid);
    switch (memory_.add_buffer(command.buffers, key, e.gpa, e.len, e.to_host)) {
        case MemoryLint::Meets::kQueue:
            return find(e.ps, LintRule::kBufferInQueue, e.gpa, e.sqid, e.cid);
        case MemoryLint::Meets::kBuffer:
            return find(e.ps, LintRule::kBufferOverlap, e.gpa, e.sqid, e.cid);
        case MemoryLint::Meets::kNothing:
            return;
    }
}

void DriverLint::record(const CommandCompleted& e) {
    reach(e.ps);
    watch_.posted(e.ps, e.cqid, !is(e.sqid, e.opcode, AdminOpcode::kAsyncEventRequest));
    CommandSlot* const slot = commands_.find(e.sqid, e.cid);
    if (slot == nullptr) return;
    memory_.remove_buffers(slot->buffers);
    const CommandSlot command = *slot;
    commands_.release(e.sqid, *slot);
    if (!command.outstanding) return;
    --outstanding_;
    if (is(e.sqid, e.opcode, AdminOpcode::kAsyncEventRequest)) {
        if (event_requests_ != 0) --event_requests_;
        // Without another request the next event has to wait. The driver can know from now on.
        if (event_requests_ == 0 && e.status == StatusCode::kSuccess)
            no_request_until_ = e.ps + kNoRequestTooLong;
    }
    if (e.status != StatusCode::kSuccess) return;
    if (e.sqid == 0) {
        take_over(e.opcode, command.cdw10);
        news_.answered(e.opcode, command.nsid, command.cdw10, command.fetched, ++moment_);
    }
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

}  // namespace observe
