// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/nvm_commands.h"

#include <memory>

#include "models/nvme/commands/command_set.h"
#include "models/nvme/commands/command_table.h"
#include "models/nvme/commands/extensions.h"
#include "models/nvme/commands/gates.h"
#include "models/nvme/commands/nvm_handlers.h"

namespace nvme {
using spec::NvmOpcode;
using spec::StatusCode;

namespace {

struct Row {
    NvmOpcode opcode;
    const NvmCommandInfo* info;
};

constexpr Row kNvm[] = {
    {NvmOpcode::kFlush, &nvm::kFlush},
    {NvmOpcode::kWrite, &nvm::kWrite},
    {NvmOpcode::kRead, &nvm::kRead},
    {NvmOpcode::kWriteUncorrectable, &nvm::kWriteUncorrectable},
    {NvmOpcode::kCompare, &nvm::kCompare},
    {NvmOpcode::kWriteZeroes, &nvm::kWriteZeroes},
    {NvmOpcode::kDatasetManagement, &nvm::kDatasetManagement},
    {NvmOpcode::kVerify, &nvm::kVerify},
    {NvmOpcode::kReservationRegister, &nvm::kReservationRegister},
    {NvmOpcode::kReservationReport, &nvm::kReservationReport},
    {NvmOpcode::kReservationAcquire, &nvm::kReservationAcquire},
    {NvmOpcode::kReservationRelease, &nvm::kReservationRelease},
    {NvmOpcode::kCopy, &nvm::kCopy},
};
static_assert(opcodes_ascend(kNvm));
constexpr auto kNvmIndex = index_by_opcode(kNvm);

// Without metadata, how its pointer is to be read has no effect; as an SGL it is not offered.
Outcome check_cdw0(spec::Cdw0 cdw0) {
    using C = spec::Cdw0;
    const std::uint32_t psdt = cdw0.get<C::Psdt>();
    if (psdt != spec::kPsdtPrp && psdt != spec::kPsdtSglContiguousMetadata)
        return CommandError{StatusCode::kInvalidField, "PSDT is not supported", psdt, true,
                            C::at<C::Psdt>()};
    if (cdw0.get<C::Fuse>() > spec::kFuseSecond)
        return CommandError{StatusCode::kInvalidField, "FUSE is reserved", cdw0.get<C::Fuse>(),
                            true, C::at<C::Fuse>()};
    return Done{};
}

/// The row of a command; of a fused operation, that of both.
const NvmCommandInfo* find_row(const NvmContext& ctx, const IoCommand& cmd, const Namespace* ns) {
    if (ctx.second == nullptr) {
        const NvmCommandInfo* own = command_set_of(ns).find(cmd.opcode());
        return own != nullptr ? own : ctx.extensions.io(cmd.opcode());
    }
    const bool compare_and_write =
        cmd.opcode() == static_cast<std::uint8_t>(NvmOpcode::kCompare) &&
        ctx.second->opcode() == static_cast<std::uint8_t>(NvmOpcode::kWrite);
    return compare_and_write ? &nvm::kCompareAndWrite : nullptr;
}

/// One half of a fused operation, or two that are none.
Outcome check_fused(const IoCommand& cmd) {
    const bool whole = cmd.cdw0().get<spec::Cdw0::Fuse>() == spec::kFuseNormal ||
                       (cmd.second != kNoCommand && cmd.info != nullptr);
    if (whole) return Done{};
    return CommandError{StatusCode::kAbortedMissingFused,
                        "the adjacent command is not the other one of a fused operation",
                        cmd.opcode()};
}

}  // namespace

const NvmCommandInfo* find_nvm_command(std::uint8_t opcode) {
    const auto slot = kNvmIndex[opcode];
    return slot == 0 ? nullptr : kNvm[slot - 1].info;
}

std::uint16_t optional_nvm_commands() {
    std::uint16_t oncs = 0;
    for (const Row& row : kNvm) oncs |= row.info->oncs;
    return oncs;
}

Result<Next> start_nvm_command(NvmContext& ctx, IoCommand& cmd) {
    const std::shared_ptr<Namespace>& ns = ctx.state.subsystem.find(cmd.sqe.nsid);
    cmd.info = find_row(ctx, cmd, ns.get());
    if (cmd.info == nullptr && ctx.second == nullptr)
        return CommandError{StatusCode::kInvalidOpcode, "I/O opcode is not supported", cmd.opcode(),
                            true, spec::Cdw0::at<spec::Cdw0::Opcode>()};
    if (const auto good = check_cdw0(cmd.cdw0()); !good) return good.error();
    if (const auto good = check_fused(cmd); !good) return good.error();
    if (ctx.second != nullptr)
        if (const auto good = check_cdw0(ctx.second->cdw0()); !good)
            ctx.second->refusal = good.error();
    const bool broadcast = cmd.sqe.nsid == spec::kNsidBroadcast && cmd.info->broadcast;
    if (!broadcast && !ns) return ctx.state.subsystem.active(cmd.sqe.nsid).error();
    cmd.ns = ns;  // none for a command for all of them
    if (const auto good = pass_gates(ctx, cmd); !good) return good.error();
    return cmd.info->steps.front().run(ctx, cmd);
}

}  // namespace nvme
