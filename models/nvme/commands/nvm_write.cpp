// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/commands.h"

// Write, Write Zeroes, Dataset Management and Flush: commands that change the media.
namespace nvme::nvm {
using media::IoStatus;
using media::MediaOperation;
using spec::StatusCode;
using util::TimePs;

namespace {

TimePs schedule(NvmContext& ctx, const IoCommand& cmd, TimePs start, MediaOperation operation) {
    return ctx.timing.schedule(start, {operation, cmd.sqe.nsid, cmd.offset, cmd.bytes});
}

/// True when the command may complete while its data is still volatile.
bool cached(const NvmContext& ctx, const IoCommand& cmd, bool fua) {
    return !fua && ctx.state.features.write_cache_enabled() && cmd.ns->data().enabled();
}

}  // namespace

Result<TimePs> start_write(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::ReadWriteCdw12;
    const auto cdw12 = C::from(cmd.sqe.cdw12);
    if (const auto r = decode_range(cmd, cdw12.get<C::Nlb>()); !r) return r.error();
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);
    const auto mapped = map_data(ctx, cmd, C::at<C::Nlb>());
    if (!mapped) return mapped.error();

    const auto gathered = read_extents(ctx.dma, *mapped, cmd.extents, ctx.bounce);
    if (!gathered) return gathered.error();
    // The media may have become read-only while a blocking host memory was read.
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);
    const TimePs arrived = *gathered;
    const auto length = static_cast<std::size_t>(cmd.bytes);
    const bool volatile_ok = cached(ctx, cmd, cdw12.get<C::Fua>());
    const IoStatus status = volatile_ok
                                ? cmd.ns->data().write(cmd.offset, ctx.bounce, length)
                                : cmd.ns->data().write_durable(cmd.offset, ctx.bounce, length);
    if (status != IoStatus::kOk) return media_error(ctx, status);
    ctx.state.health.count_write(cmd.bytes);
    return schedule(ctx, cmd, arrived,
                    volatile_ok ? MediaOperation::kCacheWrite : MediaOperation::kProgram);
}

// The range reads as zero whether or not DEAC is set [NVM-1.0 3.2.8 Write Zeroes command]; DLFEAT
// announces that deallocated blocks do. Without DEAC the blocks hold data afterwards.
Result<TimePs> start_write_zeroes(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::WriteZeroesCdw12;
    if (const auto r = decode_range(cmd, C::from(cmd.sqe.cdw12).get<C::Nlb>()); !r)
        return r.error();
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);
    media::WriteCache& data = cmd.ns->data();
    const IoStatus status = C::from(cmd.sqe.cdw12).get<C::Deac>()
                                ? data.deallocate(cmd.offset, cmd.bytes)
                                : data.write_zeroes(cmd.offset, cmd.bytes);
    if (status != IoStatus::kOk) return media_error(ctx, status);
    return schedule(ctx, cmd, ctx.state.now(), MediaOperation::kDeallocate);
}

// [NVM-1.0 3.2.3 Dataset Management command]. Only deallocation acts; the other attributes are
// hints. All ranges are checked before the first is deallocated.
Result<TimePs> start_dataset_management(NvmContext& ctx, IoCommand& cmd) {
    std::array<spec::DsmRange, 256> ranges;
    using C = spec::DsmCdw10;
    const std::size_t count = C::from(cmd.sqe.cdw10).get<C::Nr>() + 1;
    cmd.bytes = count * sizeof(spec::DsmRange);
    const auto mapped = map_data(ctx, cmd, C::at<C::Nr>());
    if (!mapped) return mapped.error();
    const auto gathered =
        read_extents(ctx.dma, *mapped, cmd.extents, reinterpret_cast<std::byte*>(ranges.data()));
    if (!gathered) return gathered.error();
    const TimePs arrived = *gathered;
    if (!spec::DsmCdw11::from(cmd.sqe.cdw11).get<spec::DsmCdw11::Ad>()) return arrived;
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);

    const unsigned shift = cmd.ns->lba_shift();
    for (std::size_t i = 0; i < count; ++i)
        if (!cmd.ns->contains(ranges[i].slba, ranges[i].nlb))
            return CommandError{StatusCode::kLbaOutOfRange, "a range exceeds NSZE", ranges[i].slba};
    TimePs done = arrived;
    for (std::size_t i = 0; i < count; ++i) {
        cmd.offset = ranges[i].slba << shift;
        cmd.bytes = std::uint64_t{ranges[i].nlb} << shift;
        const IoStatus status = cmd.ns->data().deallocate(cmd.offset, cmd.bytes);
        if (status != IoStatus::kOk) return media_error(ctx, status);
        done = std::max(done, schedule(ctx, cmd, arrived, MediaOperation::kDeallocate));
    }
    return done;
}

// What is dirty now has to be programmed. With NSID FFFFFFFFh every namespace is flushed
// [Identify Controller VWC bits 2:1 = 11b].
Result<TimePs> start_flush(NvmContext& ctx, IoCommand& cmd) {
    TimePs done = ctx.state.now();
    const auto flush = [&](Namespace& ns) {
        const std::uint64_t dirty = ns.data().dirty_bytes();
        done = std::max(done, ctx.timing.schedule(ctx.state.now(),
                                                  {MediaOperation::kFlush, ns.nsid(), 0, dirty}));
    };
    if (cmd.ns)
        flush(*cmd.ns);
    else
        ctx.state.subsystem.for_each(flush);
    return done;
}

Result<TimePs> finish_flush(NvmContext& ctx, IoCommand& cmd) {
    IoStatus worst = IoStatus::kOk;
    const auto flush = [&](Namespace& ns) {
        if (ns.read_only()) return;
        const IoStatus status = ns.data().flush();
        if (worst == IoStatus::kOk) worst = status;
    };
    if (cmd.ns)
        flush(*cmd.ns);
    else
        ctx.state.subsystem.for_each(flush);
    if (worst != IoStatus::kOk) return media_error(ctx, worst);
    return ctx.state.now();
}

}  // namespace nvme::nvm
