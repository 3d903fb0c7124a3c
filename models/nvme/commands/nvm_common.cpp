// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/nvm_handlers.h"

#include "models/nvme/spec/commands.h"

namespace nvme::nvm {
using spec::StatusCode;

Outcome decode_range(IoCommand& cmd, std::uint32_t nlb_z) {
    const std::uint64_t blocks = std::uint64_t{nlb_z} + 1;
    if (!cmd.ns->contains(cmd.slba(), blocks))
        return CommandError{StatusCode::kLbaOutOfRange, "SLBA + NLB exceeds NSZE", cmd.slba(), true,
                            spec::Slba::at()};
    cmd.offset = cmd.slba() << cmd.ns->lba_shift();
    cmd.bytes = blocks << cmd.ns->lba_shift();
    return Done{};
}

Result<util::TimePs> map_data(NvmContext& ctx, IoCommand& cmd, spec::Location size) {
    if (cmd.bytes > ctx.state.max_transfer())
        return CommandError{StatusCode::kInvalidField, "transfer exceeds MDTS", cmd.bytes, true,
                            size};
    return walk_prps(ctx.dma, ctx.state.now(), {cmd.sqe.prp1, cmd.sqe.prp2}, cmd.bytes,
                     ctx.state.page_size, cmd.extents);
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
