// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/nvm_commands.h"

namespace nvme::nvm {
namespace {

// Until they are written again, the blocks cannot be read. No data is transferred, so MDTS does not
// apply; WUSL = 0 announces no limit either. [NVM-1.0 3.2.7 Write Uncorrectable command]
Result<Next> mark(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::WriteUncorrectableCdw12;
    if (const auto r = decode_range(cmd, C::from(cmd.sqe.cdw12).get<C::Nlb>()); !r)
        return r.error();
    if (cmd.ns->read_only()) return media_error(ctx, media::IoStatus::kReadOnly);
    return Next::done(cmd.ns->media().mark_uncorrectable(ctx.now(), cmd.offset, cmd.bytes));
}

constexpr auto kOncs = spec::Oncs{}.with<spec::Oncs::WriteUncorrectable>(true);

}  // namespace

const NvmCommandInfo kWriteUncorrectable{
    kWrites, false, Access::kWrite, kOncs.raw, {{{"uncorrectable.mark", mark}}}};

}  // namespace nvme::nvm
