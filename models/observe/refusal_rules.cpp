// SPDX-License-Identifier: Apache-2.0
#include "models/observe/refusal_rules.h"

#include <algorithm>
#include <iterator>

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/opcodes.h"

namespace observe {
using nvme::spec::AdminOpcode;
using nvme::spec::StatusCode;

namespace {

struct StatusRule {
    StatusCode status;
    LintRule rule;
};
constexpr StatusRule kStatusRules[] = {
    {StatusCode::kInvalidOpcode, LintRule::kOpcodeUnsupported},
    {StatusCode::kInvalidField, LintRule::kFieldInvalid},
    {StatusCode::kDataTransferError, LintRule::kMemoryUnreachable},
    {StatusCode::kCommandIdConflict, LintRule::kCidReused},
    {StatusCode::kInvalidNamespaceOrFormat, LintRule::kNsidInvalid},
    {StatusCode::kCommandSequenceError, LintRule::kSequence},
    {StatusCode::kPrpOffsetInvalid, LintRule::kPrpOffset},
    {StatusCode::kLbaOutOfRange, LintRule::kLbaOutOfRange},
    {StatusCode::kCompletionQueueInvalid, LintRule::kQueueCommand},
    {StatusCode::kInvalidQueueIdentifier, LintRule::kQueueCommand},
    {StatusCode::kInvalidQueueSize, LintRule::kQueueCommand},
    {StatusCode::kInvalidInterruptVector, LintRule::kQueueCommand},
    {StatusCode::kInvalidQueueDeletion, LintRule::kQueueCommand},
    {StatusCode::kInvalidLogPage, LintRule::kNotOffered},
    {StatusCode::kIoCommandSetNotSupported, LintRule::kNotOffered},
    {StatusCode::kAbortCommandLimitExceeded, LintRule::kLimitExceeded},
    {StatusCode::kAsyncEventRequestLimitExceeded, LintRule::kLimitExceeded},
};

/// Drivers ask in order to learn: an Identify data structure or a feature that is not there.
bool asks_in_vain(const CommandRefused& e) {
    using Cns = nvme::spec::IdentifyCdw10;
    using Csi = nvme::spec::IdentifyCdw11;
    using Get = nvme::spec::GetFeaturesCdw10;
    using Set = nvme::spec::SetFeaturesCdw10;
    if (e.sqid != 0 || e.status != StatusCode::kInvalidField) return false;
    switch (static_cast<AdminOpcode>(e.opcode)) {
        case AdminOpcode::kIdentify:
            return e.location == Cns::at<Cns::Cns>().raw() ||
                   e.location == Csi::at<Csi::Csi>().raw();
        case AdminOpcode::kGetFeatures:
            return e.location == Get::at<Get::Fid>().raw();
        case AdminOpcode::kSetFeatures:
            return e.location == Set::at<Set::Fid>().raw();
        default:
            return false;
    }
}

}  // namespace

std::optional<LintRule> broken_rule(const CommandRefused& e) {
    if (asks_in_vain(e)) return LintRule::kNotOffered;
    if (e.status == StatusCode::kInvalidField) {
        if (e.location == nvme::spec::Nsid::at().raw()) return LintRule::kNsidInvalid;
        if (e.reason.find("MDTS") != std::string_view::npos) return LintRule::kTransferTooLarge;
    }
    const auto* found = std::find_if(std::begin(kStatusRules), std::end(kStatusRules),
                                     [&](const StatusRule& r) { return r.status == e.status; });
    if (found == std::end(kStatusRules)) return std::nullopt;
    return found->rule;
}

}  // namespace observe
