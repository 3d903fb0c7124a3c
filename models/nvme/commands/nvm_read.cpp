// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/commands.h"

// Read, Compare and Verify: commands that look at the media.
namespace nvme::nvm {
using media::MediaOperation;
using spec::StatusCode;
using util::TimePs;

namespace {

TimePs schedule_read(NvmContext& ctx, const IoCommand& cmd, TimePs start) {
    return ctx.timing.schedule(start, {MediaOperation::kRead, cmd.sqe.nsid, cmd.offset, cmd.bytes});
}

/// Reads one piece into `to`. FUA asks that what is read is on non-volatile media
/// first [NVM-1.0 3.2.4 Read command, Force Unit Access].
Outcome read_media(NvmContext& ctx, IoCommand& cmd, std::uint64_t offset, std::byte* to,
                   std::size_t length) {
    using C = spec::ReadWriteCdw12;  // FUA is the same bit in Read, Compare and Verify
    media::WriteCache& data = cmd.ns->data();
    auto status = data.read(offset, to, length);
    if (status == media::IoStatus::kOk && C::from(cmd.sqe.cdw12).get<C::Fua>() &&
        data.dirty_bytes() != 0)
        status = data.flush_range(offset, length);
    if (status != media::IoStatus::kOk) return media_error(ctx, status);
    return Done{};
}

/// [NVM-1.0 4.1.3.2 Error Recovery]: with DULBE, blocks that hold no data cannot be read.
Outcome check_written(const NvmContext& ctx, const IoCommand& cmd) {
    if (!ctx.state.features.deallocated_error_enabled(cmd.sqe.nsid)) return Done{};
    if (cmd.ns->data().written(cmd.offset, cmd.bytes)) return Done{};
    return CommandError{StatusCode::kDeallocatedOrUnwrittenBlock,
                        "a block is deallocated or was never written", cmd.slba()};
}

}  // namespace

// Pointers are checked before the media is touched: a command with a bad PRP must not take the
// media's time. LR and PRINFO have no effect on a namespace without protection information.
Result<TimePs> start_read(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::ReadWriteCdw12;
    if (const auto r = decode_range(cmd, C::from(cmd.sqe.cdw12).get<C::Nlb>()); !r)
        return r.error();
    const auto mapped = map_data(ctx, cmd, C::at<C::Nlb>());
    if (!mapped) return mapped.error();
    return schedule_read(ctx, cmd, *mapped);
}

// Each run of host memory is filled by the store itself where it can be addressed. From the first
// that cannot, all the rest is read into the bounce buffer at once: while a blocking host memory
// takes its time other commands write, and a read shows all of a write or nothing (AWUN).
Result<TimePs> finish_read(NvmContext& ctx, IoCommand& cmd) {
    if (const auto r = check_written(ctx, cmd); !r) return r.error();
    TimePs done = ctx.state.now();
    std::uint64_t at = 0;
    const std::byte* bounced = nullptr;  // what is left of the bounce buffer
    for (const Extent& e : cmd.extents) {
        Dma::Direct host{};
        if (bounced == nullptr) host = ctx.dma.direct(ctx.state.now(), e.gpa, e.len, true);
        if (host.data != nullptr) {
            const auto r = read_media(ctx, cmd, cmd.offset + at, host.data, e.len);
            if (!r) return r.error();
            done = std::max(done, host.done);
            at += e.len;
            continue;
        }
        if (bounced == nullptr) {
            const auto rest = static_cast<std::size_t>(cmd.bytes - at);
            const auto r = read_media(ctx, cmd, cmd.offset + at, ctx.bounce, rest);
            if (!r) return r.error();
            bounced = ctx.bounce;
        }
        const DmaResult moved = ctx.dma.write(ctx.state.now(), e.gpa, bounced, e.len);
        if (!moved) return unreachable(cmd.extents, e);
        done = std::max(done, moved.done);
        bounced += e.len;
    }
    ctx.state.health.count_read(cmd.bytes);
    return done;
}

Result<TimePs> finish_compare(NvmContext& ctx, IoCommand& cmd) {
    if (const auto r = check_written(ctx, cmd); !r) return r.error();
    const auto length = static_cast<std::size_t>(cmd.bytes);
    if (const auto r = read_media(ctx, cmd, cmd.offset, ctx.bounce, length); !r) return r.error();
    std::byte* const host = ctx.bounce + ctx.state.max_transfer();
    const auto gathered = read_extents(ctx.dma, ctx.state.now(), cmd.extents, host);
    if (!gathered) return gathered.error();
    ctx.state.health.count_read(cmd.bytes);
    // The media may have been overwritten while a blocking host memory was read: the comparison is
    // with what the media held when it was read, as it would be in a drive.
    if (std::memcmp(ctx.bounce, host, length) != 0)
        return CommandError{StatusCode::kCompareFailure, "host data differs from the media",
                            cmd.slba()};
    return *gathered;
}

// No data buffer, so MDTS does not apply; VSL = 0 announces no limit either.
Result<TimePs> start_verify(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::VerifyCdw12;
    const auto cdw12 = C::from(cmd.sqe.cdw12);
    // Of PRINFO, only the action bit means anything without protection information: it must be 0.
    if (cdw12.get<C::Pract>())
        return CommandError{StatusCode::kInvalidField, "PRACT is set", cdw12.raw, true,
                            C::at<C::Pract>()};
    if (const auto r = decode_range(cmd, cdw12.get<C::Nlb>()); !r) return r.error();
    return schedule_read(ctx, cmd, ctx.state.now());
}

Result<TimePs> finish_verify(NvmContext& ctx, IoCommand& cmd) {
    if (const auto r = check_written(ctx, cmd); !r) return r.error();
    const std::uint64_t piece = ctx.state.max_transfer();
    for (std::uint64_t at = 0; at < cmd.bytes; at += piece) {
        const auto length = static_cast<std::size_t>(std::min(piece, cmd.bytes - at));
        if (const auto r = read_media(ctx, cmd, cmd.offset + at, ctx.bounce, length); !r)
            return r.error();
    }
    // Verified data counts as read, though the command is none that reads for the host.
    // [NVM-1.0 3.2.5 Verify command]
    ctx.state.health.count_verified(cmd.bytes);
    return ctx.state.now();
}

}  // namespace nvme::nvm
