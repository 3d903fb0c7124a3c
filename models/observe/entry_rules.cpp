// SPDX-License-Identifier: Apache-2.0
#include "models/observe/entry_rules.h"

#include <algorithm>
#include <iterator>

#include "models/nvme/spec/opcodes.h"

namespace observe {
using nvme::spec::AdminOpcode;
using nvme::spec::Cdw0;
using nvme::spec::NvmOpcode;
using nvme::spec::SubmissionEntry;

namespace {

constexpr std::uint32_t kAll = 0xffff'ffff;

/// Which bits of an entry mean something. [NVMe-Base-2.0 5 Admin Command Set, 7 I/O Commands],
/// [NVM-1.0 3.2 NVM Command Set Commands]
struct EntryRule {
    std::uint8_t opcode;
    bool nsid;
    bool prp1, prp2;
    std::uint32_t cdw2, cdw3, cdw10, cdw11, cdw12, cdw13, cdw14, cdw15;
};

constexpr std::uint8_t op(AdminOpcode o) {
    return static_cast<std::uint8_t>(o);
}
constexpr std::uint8_t op(NvmOpcode o) {
    return static_cast<std::uint8_t>(o);
}

// clang-format off
constexpr EntryRule kAdmin[] = {
    // opcode                         nsid   prp1   prp2   cdw2  cdw3  cdw10        cdw11        cdw12   cdw13  cdw14        cdw15
    {op(AdminOpcode::kDeleteIoSq),        false, false, false, 0, 0, 0xffff,      0,           0,      0,    0,           0},
    {op(AdminOpcode::kCreateIoSq),        false, true,  false, 0, 0, kAll,        0xffff'0007, 0xffff, 0,    0,           0},
    {op(AdminOpcode::kGetLogPage),        true,  true,  true,  0, 0, kAll,        kAll,        kAll,   kAll, 0xff80'007f, 0},
    {op(AdminOpcode::kDeleteIoCq),        false, false, false, 0, 0, 0xffff,      0,           0,      0,    0,           0},
    {op(AdminOpcode::kCreateIoCq),        false, true,  false, 0, 0, kAll,        0xffff'0003, 0,      0,    0,           0},
    {op(AdminOpcode::kIdentify),          true,  true,  true,  0, 0, 0xffff'00ff, 0xff00'ffff, 0,      0,    0x7f,        0},
    {op(AdminOpcode::kAbort),             false, false, false, 0, 0, kAll,        0,           0,      0,    0,           0},
    {op(AdminOpcode::kSetFeatures),       true,  true,  true,  0, 0, 0x8000'00ff, kAll,        kAll,   kAll, 0x7f,        kAll},
    {op(AdminOpcode::kGetFeatures),       true,  true,  true,  0, 0, 0x7ff,       kAll,        0,      0,    0x7f,        0},
    {op(AdminOpcode::kAsyncEventRequest), false, false, false, 0, 0, 0,           0,           0,      0,    0,           0},
    {op(AdminOpcode::kKeepAlive),         false, false, false, 0, 0, 0,           0,           0,      0,    0,           0},
    {op(AdminOpcode::kDoorbellBufferConfig), false, true, true, 0, 0, 0,          0,           0,      0,    0,           0},
};
// Reference tags of protection information may stand in CDW2, CDW3, CDW14 and CDW15.
constexpr EntryRule kNvm[] = {
    {op(NvmOpcode::kFlush),               true, false, false, 0,    0,    0,           0,    0,           0,           0,    0},
    {op(NvmOpcode::kWrite),               true, true,  true,  kAll, kAll, kAll,        kAll, 0xfdf0'ffff, 0xffff'00ff, kAll, kAll},
    {op(NvmOpcode::kRead),                true, true,  true,  kAll, kAll, kAll,        kAll, 0xfd00'ffff, 0xff,        kAll, kAll},
    {op(NvmOpcode::kWriteUncorrectable),  true, false, false, 0,    0,    kAll,        kAll, 0xffff,      0,           0,    0},
    {op(NvmOpcode::kCompare),             true, true,  true,  kAll, kAll, kAll,        kAll, 0xfd00'ffff, 0,           kAll, kAll},
    {op(NvmOpcode::kWriteZeroes),         true, false, false, kAll, kAll, kAll,        kAll, 0xff00'ffff, 0,           kAll, kAll},
    {op(NvmOpcode::kDatasetManagement),   true, true,  true,  0,    0,    0xff,        0x7,  0,           0,           0,    0},
    {op(NvmOpcode::kVerify),              true, false, false, kAll, kAll, kAll,        kAll, 0xfd00'ffff, 0,           kAll, kAll},
    {op(NvmOpcode::kReservationRegister), true, true,  true,  0,    0,    0xc000'000f, 0,    0,           0,           0,    0},
    {op(NvmOpcode::kReservationReport),   true, true,  true,  0,    0,    kAll,        0x1,  0,           0,           0,    0},
    {op(NvmOpcode::kReservationAcquire),  true, true,  true,  0,    0,    0xff0f,      0,    0,           0,           0,    0},
    {op(NvmOpcode::kReservationRelease),  true, true,  true,  0,    0,    0xff0f,      0,    0,           0,           0,    0},
};
// clang-format on

template <std::size_t N>
const EntryRule* find(const EntryRule (&rules)[N], std::uint8_t opcode) {
    const auto* it = std::find_if(std::begin(rules), std::end(rules),
                                  [&](const EntryRule& r) { return r.opcode == opcode; });
    return it == std::end(rules) ? nullptr : it;
}

}  // namespace

std::optional<EntryProblem> check_entry(bool admin, const SubmissionEntry& sqe) {
    const auto opcode = Cdw0::from(sqe.cdw0).get<Cdw0::Opcode>();
    const EntryRule* rule = admin ? find(kAdmin, opcode) : find(kNvm, opcode);
    if (rule == nullptr) return std::nullopt;
    if (!rule->nsid && sqe.nsid != 0) return EntryProblem{LintRule::kNsidUnused, sqe.nsid};
    if (Cdw0::from(sqe.cdw0).get<Cdw0::Rsvd10>() != 0)
        return EntryProblem{LintRule::kEntryReserved, sqe.cdw0};
    const struct {
        std::uint64_t value, allowed;
    } fields[] = {
        {sqe.cdw2, rule->cdw2},
        {sqe.cdw3, rule->cdw3},
        {sqe.prp1, rule->prp1 ? ~std::uint64_t{0} : 0},
        {sqe.prp2, rule->prp2 ? ~std::uint64_t{0} : 0},
        {sqe.cdw10, rule->cdw10},
        {sqe.cdw11, rule->cdw11},
        {sqe.cdw12, rule->cdw12},
        {sqe.cdw13, rule->cdw13},
        {sqe.cdw14, rule->cdw14},
        {sqe.cdw15, rule->cdw15},
    };
    for (const auto& field : fields)
        if ((field.value & ~field.allowed) != 0)
            return EntryProblem{LintRule::kEntryReserved, field.value};
    return std::nullopt;
}

}  // namespace observe
