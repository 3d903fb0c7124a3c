// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/nvm_commands.h"

#include <utility>

#include "models/nvme/commands/command_table.h"
#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/logs.h"

namespace nvme {
using spec::NvmOpcode;
using spec::StatusCode;

namespace {

// No scope is reported (CSP = 0): it would say nothing that the command set does not, and Linux
// takes every bit beside CSUPP and LBCC for an unusual effect of an I/O command, and warns of it.
using E = spec::CommandEffects;
constexpr std::uint32_t kReads = E{}.with<E::Csupp>(true).raw;
constexpr std::uint32_t kWrites = kReads | E{}.with<E::Lbcc>(true).raw;
// The command groups of [NVM-1.0 5.5 Reservations] and [NVMe-Base-2.0 8.19 Reservations], where
// Flush is among those that write.
constexpr Access kRd = Access::kRead, kWr = Access::kWrite, kRsv = Access::kReservation;

// clang-format off
constexpr NvmCommandInfo kNvm[] = {
    // opcode                       name                  effects  bcast  access     start              finish
    {NvmOpcode::kFlush, kReads,  true,  kWr,       nvm::start_flush,  nvm::finish_flush},
    {NvmOpcode::kWrite, kWrites, false, kWr,       nvm::start_write,  nullptr},
    {NvmOpcode::kRead, kReads,  false, kRd,       nvm::start_read,   nvm::finish_read},
    {NvmOpcode::kCompare, kReads,  false, kRd,       nvm::start_read,   nvm::finish_compare},
    {NvmOpcode::kWriteZeroes, kWrites, false, kWr,       nvm::start_write_zeroes, nullptr},
    {NvmOpcode::kDatasetManagement, kWrites, false, kWr,       nvm::start_dataset_management, nullptr},
    {NvmOpcode::kVerify, kReads,  false, kRd,       nvm::start_verify, nvm::finish_verify},
    {NvmOpcode::kReservationRegister, kReads, false, kRsv,   nvm::start_reservation_register, nullptr},
    {NvmOpcode::kReservationReport, kReads, false, kRsv,     nvm::start_reservation_report, nullptr},
    {NvmOpcode::kReservationAcquire, kReads, false, kRsv,     nvm::start_reservation_acquire, nvm::finish_reservation_acquire},
    {NvmOpcode::kReservationRelease, kReads, false, kRsv,     nvm::start_reservation_release, nullptr},
};
// clang-format on
static_assert(opcodes_ascend(kNvm));
constexpr auto kNvmIndex = index_by_opcode(kNvm);

/// A Flush of all namespaces is refused when it would be refused for one of them, before it has
/// flushed any.
bool allowed(const NvmContext& ctx, const IoCommand& cmd) {
    const auto access = cmd.info->access;
    if (cmd.ns) return cmd.ns->reservations().allows(ctx.state.host, access);
    bool all = true;
    ctx.state.subsystem.for_each(
        [&](Namespace& ns) { all = all && ns.reservations().allows(ctx.state.host, access); });
    return all;
}

}  // namespace

const NvmCommandInfo* find_nvm_command(std::uint8_t opcode) {
    const auto slot = kNvmIndex[opcode];
    return slot == 0 ? nullptr : &kNvm[slot - 1];
}

Result<util::TimePs> start_nvm_command(NvmContext& ctx, IoCommand& cmd) {
    cmd.info = find_nvm_command(cmd.opcode());
    if (cmd.info == nullptr)
        return CommandError{StatusCode::kInvalidOpcode, "I/O opcode is not supported", cmd.opcode(),
                            true, spec::Cdw0::at<spec::Cdw0::Opcode>()};
    if (const auto good = check_cdw0(cmd.cdw0()); !good) return good.error();
    const bool broadcast = cmd.sqe.nsid == spec::kNsidBroadcast && cmd.info->broadcast;
    if (!broadcast) {
        auto ns = ctx.state.subsystem.active(cmd.sqe.nsid);
        if (!ns) return ns.error();
        cmd.ns = std::move(*ns);
    }
    // Rights are those at the moment in which the command begins to be executed.
    if (!allowed(ctx, cmd))
        return CommandError{StatusCode::kReservationConflict,
                            "another host's reservation excludes the command", cmd.opcode()};
    return cmd.info->start(ctx, cmd);
}

}  // namespace nvme
