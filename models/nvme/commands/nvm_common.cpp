// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/nvm_commands.h"
#include "models/nvme/transport/data_pointer.h"

namespace nvme::nvm {
using spec::StatusCode;
using util::TimePs;

Outcome decode_range(IoCommand& cmd, std::uint32_t nlb_z) {
    const std::uint64_t blocks = std::uint64_t{nlb_z} + 1;
    if (!cmd.ns->contains(cmd.slba(), blocks))
        return CommandError{StatusCode::kLbaOutOfRange, "SLBA + NLB exceeds NSZE", cmd.slba(), true,
                            spec::Slba::at()};
    cmd.offset = cmd.ns->format().to_bytes(cmd.slba());
    cmd.bytes = cmd.ns->format().to_bytes(blocks);
    return Done{};
}

Result<Next> map_data(NvmContext& ctx, IoCommand& cmd, std::uint8_t next, spec::Location size) {
    if (cmd.bytes > ctx.state.max_transfer())
        return CommandError{StatusCode::kInvalidField, "transfer exceeds MDTS", cmd.bytes, true,
                            size};
    // A slot takes memory for the largest command that it has had, and keeps it.
    cmd.extents.reserve(ExtentList::worst_case(cmd.bytes, ctx.state.page_size));
    const auto walked =
        walk_data_pointer(ctx.dma, ctx.now(), cmd.sqe, cmd.bytes, ctx.state.page_size, cmd.extents);
    if (!walked) return walked.error();
    return Next::to(next, *walked);
}

// Pointers are checked before the media is touched: a command with a bad PRP must not take the
// media's time. LR and PRINFO have no effect on a namespace without protection information.
Result<Next> map_blocks(NvmContext& ctx, IoCommand& cmd, std::uint8_t next) {
    using C = spec::ReadWriteCdw12;
    if (const auto r = decode_range(cmd, C::from(cmd.sqe.cdw12).get<C::Nlb>()); !r)
        return r.error();
    return map_data(ctx, cmd, next, C::at<C::Nlb>());
}

Next begin_read(NvmContext& ctx, const IoCommand& cmd, std::uint8_t next) {
    return Next::to(next, cmd.ns->media().begin_read(ctx.now(), cmd.offset, cmd.bytes));
}

Next fetch_data(NvmContext& ctx, const IoCommand& cmd, std::uint8_t next) {
    TimePs arrival = ctx.now();
    for (const Extent& e : cmd.extents)
        arrival = std::max(arrival, ctx.dma.reserve_read(e.gpa, e.len));
    return Next::to(next, arrival);
}

Result<TimePs> take_data(NvmContext& ctx, const IoCommand& cmd, std::byte* to) {
    TimePs there = ctx.now();
    std::uint64_t rest = 0;  // of the data, from an extent on
    for (const Extent& e : cmd.extents) rest += e.len;
    for (const Extent& e : cmd.extents) {
        const DmaResult moved = ctx.dma.read_now(e.gpa, to, e.len, rest);
        if (!moved) return unreachable(cmd.extents, e);
        there = std::max(there, moved.done);
        to += e.len;
        rest -= e.len;
    }
    return there;
}

namespace {

bool fua(const IoCommand& cmd) {  // the same bit in Read, Write, Compare, Verify and Copy
    using C = spec::ReadWriteCdw12;
    return C::from(cmd.sqe.cdw12).get<C::Fua>();
}

}  // namespace

bool must_be_durable(const NvmContext& ctx, const IoCommand& cmd) {
    return fua(cmd) || !ctx.state.features.write_cache_enabled();
}

Outcome read_media(NvmContext& ctx, IoCommand& cmd, std::uint64_t offset, std::byte* to,
                   std::size_t length) {
    const auto status = cmd.ns->media().read(offset, to, length, fua(cmd));
    if (status != media::IoStatus::kOk) return media_error(ctx, status);
    return Done{};
}

Outcome check_written(const NvmContext& ctx, const IoCommand& cmd) {
    if (!ctx.state.features.deallocated_error_enabled(cmd.sqe.nsid)) return Done{};
    if (cmd.ns->media().written(cmd.offset, cmd.bytes)) return Done{};
    return CommandError{StatusCode::kDeallocatedOrUnwrittenBlock,
                        "a block is deallocated or was never written", cmd.slba()};
}

// The model's media have no room left only when the host computer's have not. That is no Capacity
// Exceeded (0/81h), which says that NUSE is beyond NCAP, but write data that could not be committed
// to the media, and with DNR = 0 the same command may succeed later. Nor are data damaged: it is no
// media error of the SMART log. [NVMe-Base-2.0 3.3.3.2.1 Completion queue entry: Status Field]
CommandError write_error(media::IoStatus status) {
    if (status == media::IoStatus::kTryLater)
        return {StatusCode::kWriteFault, "there is no room for the data now", 0, false};
    return {StatusCode::kWriteFault, "the media cannot be written"};
}

CommandError media_error(NvmContext& ctx, media::IoStatus status) {
    switch (status) {
        case media::IoStatus::kReadOnly:
            return {StatusCode::kAttemptedWriteToReadOnlyRange, "the namespace is read-only"};
        case media::IoStatus::kReadError:
            ctx.state.health.count_media_error();
            return {StatusCode::kUnrecoveredReadError, "the media cannot be read"};
        // Not counted: nothing has gone wrong. [NVMe-Base-2.0 5.16.1.3 SMART / Health Information,
        // Media and Data Integrity Errors]
        case media::IoStatus::kUncorrectable:
            return {StatusCode::kUnrecoveredReadError, "a block is marked uncorrectable"};
        case media::IoStatus::kWriteError:
            ctx.state.health.count_media_error();
            return write_error(status);
        case media::IoStatus::kTryLater:
            return write_error(status);
        // The namespace shrank after the command was checked.
        case media::IoStatus::kOutOfRange:
            return {StatusCode::kLbaOutOfRange, "the namespace has become smaller"};
        case media::IoStatus::kOk:
            break;
    }
    return {StatusCode::kInternalError, "a store reported an unknown status"};
}

}  // namespace nvme::nvm
