// SPDX-License-Identifier: Apache-2.0
#include "models/observe/entry_rules.h"

#include "models/nvme/spec/command_formats.h"

namespace observe {
using nvme::spec::Cdw0;
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

}  // namespace

std::optional<EntryProblem> check_entry(bool admin, const SubmissionEntry& sqe) {
    const auto opcode = Cdw0::from(sqe.cdw0).get<Cdw0::Opcode>();
    const auto* rule = admin ? nvme::spec::admin_format(opcode) : nvme::spec::nvm_format(opcode);
    if (rule == nullptr) return std::nullopt;
    if (!rule->nsid && sqe.nsid != 0) return EntryProblem{LintRule::kNsidUnused, sqe.nsid};
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
