// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/nvme/commands/nvm_handlers.h"

namespace nvme::nvm {
using media::IoStatus;

namespace {

enum Step : std::uint8_t { kBegin, kEnd };

/// With NSID FFFFFFFFh every namespace is flushed. [Identify Controller VWC bits 2:1 = 11b]
template <typename Visitor>
void for_each_namespace(NvmContext& ctx, const IoCommand& cmd, Visitor visit) {
    if (cmd.ns)
        visit(*cmd.ns);
    else
        ctx.state.subsystem.for_each(visit);
}

// What is dirty now has to be programmed.
Result<Next> begin(NvmContext& ctx, IoCommand& cmd) {
    util::TimePs done = ctx.now();
    for_each_namespace(
        ctx, cmd, [&](Namespace& ns) { done = std::max(done, ns.media().begin_flush(ctx.now())); });
    return Next::to(kEnd, done);
}

Result<Next> end(NvmContext& ctx, IoCommand& cmd) {
    IoStatus worst = IoStatus::kOk;
    for_each_namespace(ctx, cmd, [&](Namespace& ns) {
        if (ns.read_only()) return;
        const IoStatus status = ns.data().flush();
        if (worst == IoStatus::kOk) worst = status;
    });
    if (worst != IoStatus::kOk) return media_error(ctx, worst);
    return Next::done(ctx.now());
}

}  // namespace

// The command groups of [NVM-1.0 5.5 Reservations] and [NVMe-Base-2.0 8.19 Reservations] have Flush
// among those that write.
const NvmCommandInfo kFlush{
    kReads, true, Access::kWrite, 0, {{{"flush.begin", begin}, {"flush.end", end}}}};

}  // namespace nvme::nvm
