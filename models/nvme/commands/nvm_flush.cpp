// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/nvm_handlers.h"

namespace nvme::nvm {
using media::IoStatus;

namespace {

enum Step : std::uint8_t { kBegin, kEnd };

// What is dirty now has to be programmed. With NSID FFFFFFFFh every namespace is flushed.
// [Identify Controller VWC bits 2:1 = 11b]
Result<Next> begin(NvmContext& ctx, IoCommand& cmd) {
    return Next::to(kEnd, cmd.ns ? cmd.ns->media().begin_flush(ctx.now())
                                 : ctx.state.subsystem.begin_flush(ctx.now()));
}

Result<Next> end(NvmContext& ctx, IoCommand& cmd) {
    const IoStatus status = cmd.ns ? cmd.ns->flush() : ctx.state.subsystem.flush();
    if (status != IoStatus::kOk) return media_error(ctx, status);
    return Next::done(ctx.now());
}

}  // namespace

// The command groups of [NVM-1.0 5.5 Reservations] and [NVMe-Base-2.0 8.19 Reservations] have Flush
// among those that write.
const NvmCommandInfo kFlush{
    kReads, true, Access::kWrite, 0, {{{"flush.begin", begin}, {"flush.end", end}}}};

}  // namespace nvme::nvm
