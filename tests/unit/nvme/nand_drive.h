// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/unit/nvme/media_load.h"

namespace nvme::test {

inline constexpr std::uint64_t kBytes = 64 << 20;

/// Four channels of two dies of four planes; a byte crosses a channel in 1 ns. Full from the start,
/// and nothing but the NAND takes time.
inline ControllerParams nand() {
    ControllerParams p = timed(media::Model::kNand, 0);
    p.write_cache_bytes = 0;
    media::NandParams& n = p.media.nand;
    n.channels = 4;
    n.packages = 2;
    n.dies = 1;
    n.pages = 16;
    n.spare_bytes = 0;
    n.read_lsb_ns = 50'000;
    n.program_lsb_ns = 600'000;
    n.channel_mts = 1'000;
    n.command_ns = 100;
    n.ecc_ns = 700;
    p.media.ftl.precondition = media::Precondition::kSequential;
    p.media.ftl.power_loss_protection = true;
    p.media.ftl.buffer_ns = 3'000;
    return p;
}
/// Writes of 64 KiB, one piece of the namespace after the other.
inline Stream::Make pieces(MediaTime& drive) {
    const auto sqe = drive.command(NvmOpcode::kWrite, 0, 65'536);
    return [sqe](unsigned number) {
        auto write = sqe;
        write.cdw10 = number % 1'024 * 16;
        return write;
    };
}

}  // namespace nvme::test
