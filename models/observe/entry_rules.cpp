// SPDX-License-Identifier: Apache-2.0
#include "models/observe/entry_rules.h"

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/opcodes.h"

namespace observe {
using nvme::spec::AdminOpcode;
using nvme::spec::Cdw0;
using nvme::spec::Cns;
using nvme::spec::SubmissionEntry;

namespace {

/// The first reserved bits that are not 0; there are some.
EntryProblem reserved_bits(const nvme::spec::CommandFormat& rule, const SubmissionEntry& sqe) {
    const struct {
        std::uint64_t value, allowed;
    } fields[] = {
        {sqe.cdw2, rule.cdw2},
        {sqe.cdw3, rule.cdw3},
        {sqe.prp1, rule.prp1 ? ~std::uint64_t{0} : 0},
        {sqe.prp2, rule.prp2 ? ~std::uint64_t{0} : 0},
        {sqe.cdw10, rule.cdw10},
        {sqe.cdw11, rule.cdw11},
        {sqe.cdw12, rule.cdw12},
        {sqe.cdw13, rule.cdw13},
        {sqe.cdw14, rule.cdw14},
    };
    for (const auto& field : fields)
        if ((field.value & ~field.allowed) != 0) return {LintRule::kEntryReserved, field.value};
    return {LintRule::kEntryReserved, sqe.cdw15};
}

/// Whether an Identify command with this CNS uses NSID. [NVMe-Base-2.0 5.17 Identify command]
bool uses_nsid(std::uint32_t cdw10) {
    using C = nvme::spec::IdentifyCdw10;
    switch (static_cast<Cns>(C::from(cdw10).get<C::Cns>())) {
        case Cns::kController:
        case Cns::kNvmSetList:
        case Cns::kCsController:
        case Cns::kControllerList:
        case Cns::kPrimaryControllerCapabilities:
        case Cns::kSecondaryControllerList:
        case Cns::kNamespaceGranularityList:
        case Cns::kUuidList:
        case Cns::kDomainList:
        case Cns::kEnduranceGroupList:
        case Cns::kIoCommandSets:
            return false;
        default:
            return true;
    }
}

}  // namespace

std::optional<EntryProblem> check_entry(bool admin, const SubmissionEntry& sqe) {
    const auto opcode = Cdw0::from(sqe.cdw0).get<Cdw0::Opcode>();
    const auto* rule = admin ? nvme::spec::admin_format(opcode) : nvme::spec::nvm_format(opcode);
    if (rule == nullptr) return std::nullopt;
    const bool nsid = admin && opcode == static_cast<std::uint8_t>(AdminOpcode::kIdentify)
                          ? uses_nsid(sqe.cdw10)
                          : rule->nsid;
    if (!nsid && sqe.nsid != 0) return EntryProblem{LintRule::kNsidUnused, sqe.nsid};
    if (Cdw0::from(sqe.cdw0).get<Cdw0::Rsvd10>() != 0)
        return EntryProblem{LintRule::kEntryReserved, sqe.cdw0};
    // Nearly always none: all at once.
    const std::uint32_t dwords = (sqe.cdw2 & ~rule->cdw2) | (sqe.cdw3 & ~rule->cdw3) |
                                 (sqe.cdw10 & ~rule->cdw10) | (sqe.cdw11 & ~rule->cdw11) |
                                 (sqe.cdw12 & ~rule->cdw12) | (sqe.cdw13 & ~rule->cdw13) |
                                 (sqe.cdw14 & ~rule->cdw14) | (sqe.cdw15 & ~rule->cdw15);
    const std::uint64_t pointers = (rule->prp1 ? 0 : sqe.prp1) | (rule->prp2 ? 0 : sqe.prp2);
    if (dwords == 0 && pointers == 0) return std::nullopt;
    return reserved_bits(*rule, sqe);
}

}  // namespace observe
