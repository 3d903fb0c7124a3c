// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/nvm_commands.h"

namespace nvme::nvm {
namespace {

// The range reads as zero whether or not DEAC is set [NVM-1.0 3.2.8 Write Zeroes command]; DLFEAT
// announces that deallocated blocks do. Without DEAC the blocks hold data afterwards.
Result<Next> zero(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::WriteZeroesCdw12;
    const auto cdw12 = C::from(cmd.sqe.cdw12);
    if (const auto r = decode_range(cmd, cdw12.get<C::Nlb>()); !r) return r.error();
    if (cmd.ns->read_only()) return media_error(ctx, media::IoStatus::kReadOnly);
    media::Volume& media = cmd.ns->media();
    const auto zeroed = cdw12.get<C::Deac>() ? media.deallocate(ctx.now(), cmd.offset, cmd.bytes)
                                             : media.write_zeroes(ctx.now(), cmd.offset, cmd.bytes);
    if (zeroed.status != media::IoStatus::kOk) return media_error(ctx, zeroed.status);
    return Next::done(zeroed.done);
}

}  // namespace

const NvmCommandInfo kWriteZeroes{kWrites,
                                  false,
                                  Access::kWrite,
                                  spec::Oncs{}.with<spec::Oncs::WriteZeroes>(true).raw,
                                  {{{"zeroes.media", zero}}}};

}  // namespace nvme::nvm
