// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/nvm_commands.h"

namespace nvme::nvm {
using media::IoStatus;
using util::TimePs;

namespace {

enum Step : std::uint8_t { kMap, kFetch, kPlace, kPassed };

Result<Next> map(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::ReadWriteCdw12;
    if (const auto r = decode_range(cmd, C::from(cmd.sqe.cdw12).get<C::Nlb>()); !r)
        return r.error();
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);
    return map_data(ctx, cmd, kFetch, C::at<C::Nlb>());
}

/// The data where it lies in host memory, if all of it can be addressed: ctx.pieces.
bool in_place(NvmContext& ctx, const IoCommand& cmd, TimePs& there) {
    ctx.pieces.clear();
    for (const Extent& e : cmd.extents) {
        const Dma::Direct host = ctx.dma.direct_now(e.gpa, e.len, false);
        if (host.data == nullptr) return false;
        ctx.pieces.push_back({host.data, e.len});
        there = std::max(there, host.done);
    }
    return true;
}

// All of the data is there before the first byte is written: a read shows all of a write or nothing
// (AWUN), and so does one that fails for want of host memory.
Result<Next> place(NvmContext& ctx, IoCommand& cmd) {
    TimePs there = ctx.now();
    if (!in_place(ctx, cmd, there)) {
        const auto taken = take_data(ctx, cmd, ctx.bounce.first());
        if (!taken) return taken.error();
        there = *taken;
        ctx.pieces.assign(1, {ctx.bounce.first(), static_cast<std::size_t>(cmd.bytes)});
    }
    const auto written = place_data(ctx, cmd, there);
    if (!written) return written.error();
    return Next::done(*written);
}

}  // namespace

Result<TimePs> place_data(NvmContext& ctx, IoCommand& cmd, TimePs there) {
    // The media may have become read-only since the command began.
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);
    const auto written =
        cmd.ns->media().write(there, cmd.offset, ctx.pieces, must_be_durable(ctx, cmd));
    if (written.status != IoStatus::kOk) return media_error(ctx, written.status);
    ctx.state.health.count_write(cmd.bytes);
    return written.done;
}

const NvmCommandInfo kWrite{kWrites,
                            false,
                            Access::kWrite,
                            0,
                            {{{"write.map", map},
                              {"write.fetch", fetch_step<kFetch>},
                              {"write.place", pass_step<&DataPath::write, kPassed, place>},
                              {"write.passed", place}}}};

}  // namespace nvme::nvm
