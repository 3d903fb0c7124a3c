// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/nvm_commands.h"

#include "models/nvme/commands/command_table.h"
#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/logs.h"

namespace nvme {
using spec::NvmOpcode;
using spec::StatusCode;

namespace {

using E = spec::CommandEffects;
constexpr std::uint32_t kReads = E{}.with<E::Csupp>(true).with<E::Csp>(spec::kScopeNamespace).raw;
constexpr std::uint32_t kWrites = kReads | E{}.with<E::Lbcc>(true).raw;

// clang-format off
constexpr NvmCommandInfo kNvm[] = {
    // opcode                       name                  effects  bcast  start              finish
    {NvmOpcode::kFlush,             "Flush",              kReads,  true,  nvm::start_flush,   nvm::finish_flush},
    {NvmOpcode::kWrite,             "Write",              kWrites, false, nvm::start_write,   nullptr},
    {NvmOpcode::kRead,              "Read",               kReads,  false, nvm::start_read,    nvm::finish_read},
    {NvmOpcode::kCompare,           "Compare",            kReads,  false, nvm::start_read,    nvm::finish_compare},
    {NvmOpcode::kWriteZeroes,       "Write Zeroes",       kWrites, false, nvm::start_write_zeroes, nullptr},
    {NvmOpcode::kDatasetManagement, "Dataset Management", kWrites, false, nvm::start_dataset_management, nullptr},
    {NvmOpcode::kVerify,            "Verify",             kReads,  false, nvm::start_verify,  nvm::finish_verify},
};
// clang-format on
static_assert(opcodes_ascend(kNvm));
constexpr auto kNvmIndex = index_by_opcode(kNvm);

}  // namespace

const NvmCommandInfo* find_nvm_command(std::uint8_t opcode) {
    const auto slot = kNvmIndex[opcode];
    return slot == 0 ? nullptr : &kNvm[slot - 1];
}

Result<util::TimePs> start_nvm_command(NvmContext& ctx, IoCommand& cmd) {
    cmd.info = find_nvm_command(cmd.opcode());
    if (cmd.info == nullptr)
        return CommandError{StatusCode::kInvalidOpcode, "I/O opcode is not supported", cmd.opcode(),
                            true, 0};
    if (const auto good = check_cdw0(cmd.cdw0()); !good) return good.error();
    const bool broadcast = cmd.sqe.nsid == spec::kNsidBroadcast && cmd.info->broadcast;
    if (!broadcast) {
        cmd.ns = ctx.core.subsystem.find(cmd.sqe.nsid);
        if (!cmd.ns)
            return CommandError{StatusCode::kInvalidNamespaceOrFormat, "NSID is not active",
                                cmd.sqe.nsid, true, 4};
    }
    return cmd.info->start(ctx, cmd);
}

}  // namespace nvme
