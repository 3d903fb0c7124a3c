// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/commands/nvm_commands.h"

/// Stages of the NVM command set's commands; nvm_commands.cpp's table says which belong together.
namespace nvme::nvm {

Result<util::TimePs> start_read(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> finish_read(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> finish_compare(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> start_verify(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> finish_verify(NvmContext& ctx, IoCommand& cmd);

Result<util::TimePs> start_write(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> start_write_zeroes(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> start_dataset_management(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> start_flush(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> finish_flush(NvmContext& ctx, IoCommand& cmd);

Result<util::TimePs> start_reservation_register(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> start_reservation_report(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> start_reservation_acquire(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> finish_reservation_acquire(NvmContext& ctx, IoCommand& cmd);
Result<util::TimePs> start_reservation_release(NvmContext& ctx, IoCommand& cmd);

/// Logical block range of CDW10 to CDW12 into cmd.offset and cmd.bytes, checked against the
/// namespace. `nlb_z` is the zero-based number of blocks.
Outcome decode_range(IoCommand& cmd, std::uint32_t nlb_z);
/// The command's data buffer: MDTS first, then the PRP walk. Returns when the lists were read.
/// `size` is the field that says how much data there is; none where it is always the same.
Result<util::TimePs> map_data(NvmContext& ctx, IoCommand& cmd, spec::Location size = {});
/// What the host is told of a store's refusal.
CommandError media_error(NvmContext& ctx, media::IoStatus status);
/// The same of a write or a flush that failed.
CommandError write_error(media::IoStatus status);

}  // namespace nvme::nvm
