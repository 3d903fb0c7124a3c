// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <cstdint>

#include "models/media/ftl/ftl.h"

namespace media::test {

using util::kPsPerMs;
using util::kPsPerNs;
using util::kPsPerUs;
using util::TimePs;

inline constexpr std::uint64_t kUnit = 4096;

/// Two channels of two dies with two planes of pages of four units: a stripe has 32 KiB.
inline NandParams four_dies() {
    NandParams p;
    p.channels = 2;
    p.packages = 2;
    p.dies = 1;
    p.planes = 2;
    p.pages = 8;
    p.page_bytes = 16'384;
    p.spare_bytes = 0;
    p.read_lsb_ns = 50'000;
    p.program_lsb_ns = 600'000;
    p.channel_mts = 1'000;
    p.command_ns = 0;
    p.ecc_ns = 0;
    return p;
}
inline constexpr std::uint64_t kStripe = 32'768;

/// A namespace of 64 MiB.
class FtlTest : public ::testing::Test {
protected:
    explicit FtlTest(const FtlParams& params = {}, const NandParams& nand = four_dies())
        : ftl(params, nand) {
        EXPECT_EQ(ftl.set_size(1, 64 << 20), "");
    }

    MediaTiming::Span ask(MediaOperation operation, std::uint64_t offset, std::uint64_t bytes) {
        ftl.set_now(now);
        return ftl.schedule(now, {operation, 1, offset, bytes});
    }
    /// What it takes from now on.
    TimePs takes(MediaOperation operation, std::uint64_t offset, std::uint64_t bytes) {
        return ask(operation, offset, bytes).end - now;
    }
    /// Written and programmed; much later.
    void write(std::uint64_t offset, std::uint64_t bytes) {
        now = ask(MediaOperation::kProgram, offset, bytes).end + kPsPerMs;
    }

    Ftl ftl;
    TimePs now = kPsPerMs;
};

}  // namespace media::test
