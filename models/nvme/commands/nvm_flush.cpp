// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/nvme/commands/nvm_handlers.h"

namespace nvme::nvm {
using media::IoStatus;
using util::TimePs;

namespace {

IoStatus flush(Namespace& ns) {
    return ns.read_only() ? IoStatus::kOk : ns.data().flush();
}

}  // namespace

TimePs begin_flush_all(const ControllerState& state) {
    TimePs done = state.now();
    state.subsystem.for_each(
        [&](Namespace& ns) { done = std::max(done, ns.media().begin_flush(state.now())); });
    return done;
}

IoStatus flush_all(const ControllerState& state) {
    IoStatus worst = IoStatus::kOk;
    state.subsystem.for_each([&](Namespace& ns) {
        const IoStatus status = flush(ns);
        if (worst == IoStatus::kOk) worst = status;
    });
    return worst;
}

namespace {

enum Step : std::uint8_t { kBegin, kEnd };

// What is dirty now has to be programmed. With NSID FFFFFFFFh every namespace is flushed.
// [Identify Controller VWC bits 2:1 = 11b]
Result<Next> begin(NvmContext& ctx, IoCommand& cmd) {
    return Next::to(kEnd,
                    cmd.ns ? cmd.ns->media().begin_flush(ctx.now()) : begin_flush_all(ctx.state));
}

Result<Next> end(NvmContext& ctx, IoCommand& cmd) {
    const IoStatus status = cmd.ns ? flush(*cmd.ns) : flush_all(ctx.state);
    if (status != IoStatus::kOk) return media_error(ctx, status);
    return Next::done(ctx.now());
}

}  // namespace

// The command groups of [NVM-1.0 5.5 Reservations] and [NVMe-Base-2.0 8.19 Reservations] have Flush
// among those that write.
const NvmCommandInfo kFlush{
    kReads, true, Access::kWrite, 0, {{{"flush.begin", begin}, {"flush.end", end}}}};

}  // namespace nvme::nvm
