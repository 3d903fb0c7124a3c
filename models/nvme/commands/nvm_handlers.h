// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/commands/nvm_commands.h"
#include "models/nvme/spec/logs.h"

/// The commands of the NVM command set, each with its steps in a file of its own, and what they
/// have in common. nvm_commands.cpp's table gives them their opcodes.
namespace nvme::nvm {

extern const NvmCommandInfo kFlush, kWrite, kRead, kWriteUncorrectable, kCompare, kWriteZeroes,
    kDatasetManagement, kVerify, kCopy;
extern const NvmCommandInfo kReservationRegister, kReservationReport, kReservationAcquire,
    kReservationRelease;
/// Of two commands: the first has these steps, with the second behind it (IoCommand::second).
extern const NvmCommandInfo kCompareAndWrite;

// No scope is reported (CSP = 0): it would say nothing that the command set does not, and Linux
// takes every bit beside CSUPP and LBCC for an unusual effect of an I/O command, and warns of it.
inline constexpr std::uint32_t kReads =
    spec::CommandEffects{}.with<spec::CommandEffects::Csupp>(true).raw;
inline constexpr std::uint32_t kWrites =
    kReads | spec::CommandEffects{}.with<spec::CommandEffects::Lbcc>(true).raw;

// What one Copy may ask for; Identify Namespace says so (MSRC, MSSRL, MCL).
inline constexpr std::uint32_t kCopyRanges = 128;
inline constexpr std::uint32_t kCopyRangeBlocks = 4096;
inline constexpr std::uint32_t kCopyBlocks = kCopyRanges * kCopyRangeBlocks;

/// Logical block range of CDW10 to CDW12 into cmd.offset and cmd.bytes, checked against the
/// namespace. `nlb_z` is the zero-based number of blocks.
Outcome decode_range(IoCommand& cmd, std::uint32_t nlb_z);
/// The command's data buffer, cmd.bytes long: MDTS first, then the PRP walk. Step `next` comes when
/// the lists have been read. `size` is the field that says how much data there is; none where it is
/// always the same.
Result<Next> map_data(NvmContext& ctx, IoCommand& cmd, std::uint8_t next, spec::Location size = {});
/// What Read and Compare begin with: the blocks that CDW10 to CDW12 name, and host memory for them.
Result<Next> map_blocks(NvmContext& ctx, IoCommand& cmd, std::uint8_t next);
/// Takes the media's time to read cmd.bytes from cmd.offset; step `next` comes when it is over.
Next begin_read(NvmContext& ctx, const IoCommand& cmd, std::uint8_t next);
/// Takes the link for the data from the host; step `next` comes when it is there.
Next fetch_data(NvmContext& ctx, const IoCommand& cmd, std::uint8_t next);
// Steps that are map_blocks(), begin_read() and fetch_data() for the step after them.
template <std::uint8_t Own>
Result<Next> map_step(NvmContext& ctx, IoCommand& cmd) {
    return map_blocks(ctx, cmd, Own + 1);
}
template <std::uint8_t Own>
Result<Next> media_step(NvmContext& ctx, IoCommand& cmd) {
    return begin_read(ctx, cmd, Own + 1);
}
template <std::uint8_t Own>
Result<Next> fetch_step(NvmContext& ctx, IoCommand& cmd) {
    return fetch_data(ctx, cmd, Own + 1);
}
/// A step's function for data that the media has given or the host has sent: when they have passed
/// the controller (DataPath), step `After` goes on with them; at once, where nothing limits them.
template <util::TimePs (DataPath::*Way)(util::TimePs, std::uint64_t), std::uint8_t After,
          Result<Next> (*GoOn)(NvmContext&, IoCommand&)>
Result<Next> pass_step(NvmContext& ctx, IoCommand& cmd) {
    const util::TimePs through = (ctx.state.data_path.*Way)(ctx.now(), cmd.bytes);
    return through > ctx.now() ? Next::to(After, through) : GoOn(ctx, cmd);
}
/// The data that fetch_data() has brought; returns when host memory's own latency is over.
Result<util::TimePs> take_data(NvmContext& ctx, const IoCommand& cmd, std::byte* to);

/// Reads from the volume into `to`. FUA asks that what is read is on non-volatile media first.
/// [NVM-1.0 3.2.4 Read command, Force Unit Access]
Outcome read_media(NvmContext& ctx, IoCommand& cmd, std::uint64_t offset, std::byte* to,
                   std::size_t length);
/// What a Write or Copy writes is to be on non-volatile media when it ends.
bool must_be_durable(const NvmContext& ctx, const IoCommand& cmd);
/// [NVM-1.0 4.1.3.2 Error Recovery]: with DULBE, blocks that hold no data cannot be read.
Outcome check_written(const NvmContext& ctx, const IoCommand& cmd);

/// ctx.pieces, which are there at `there`, to the media; returns when they are written.
Result<util::TimePs> place_data(NvmContext& ctx, IoCommand& cmd, util::TimePs there);

/// What the host is told of a store's refusal.
CommandError media_error(NvmContext& ctx, media::IoStatus status);
/// The same of a write or a flush that failed.
CommandError write_error(media::IoStatus status);

}  // namespace nvme::nvm
