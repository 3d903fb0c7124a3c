// SPDX-License-Identifier: Apache-2.0
// Copy and Write Uncorrectable, at the queues.
#include <gtest/gtest.h>

#include "models/nvme/commands/nvm_handlers.h"
#include "tests/support/core_harness.h"

namespace nvme::test {
namespace {

using spec::NvmOpcode;
using spec::StatusCode;

constexpr std::uint32_t kBlock = 512;

struct Range {
    std::uint64_t slba;
    std::uint32_t blocks;
};

class CopyTest : public ::testing::Test {
protected:
    CopyTest() {
        h.add_namespace(1, 16 << 20);
        h.enable();
        q = h.create_queues(1, 64);
        buffer = h.alloc(1 << 20);
        list = h.alloc(8192);
    }

    spec::CompletionEntry io(NvmOpcode opcode, std::uint64_t slba, std::uint32_t blocks) {
        return h.execute(q, io_command(opcode, 1, slba, blocks, buffer, buffer + 4096));
    }
    /// Each byte of block n is n + seed.
    void fill(std::uint64_t slba, std::uint32_t blocks, unsigned seed = 0) {
        for (std::uint32_t i = 0; i < blocks; ++i) {
            const std::vector<std::uint8_t> bytes(kBlock,
                                                  static_cast<std::uint8_t>(slba + i + seed));
            h.memory.copy_in(buffer, bytes.data(), bytes.size());
            ASSERT_EQ(status_of(io(NvmOpcode::kWrite, slba + i, 1)), StatusCode::kSuccess);
        }
    }
    /// The byte that all of the block has.
    int block(std::uint64_t slba) {
        if (status_of(io(NvmOpcode::kRead, slba, 1)) != StatusCode::kSuccess) return -1;
        std::vector<std::uint8_t> bytes(kBlock);
        h.memory.copy_out(buffer, bytes.data(), bytes.size());
        const bool same = std::all_of(bytes.begin(), bytes.end(),
                                      [&](std::uint8_t b) { return b == bytes.front(); });
        return same ? bytes.front() : -2;
    }
    spec::SubmissionEntry copy_command(std::uint64_t sdlba, const std::vector<Range>& ranges) {
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            spec::CopyRange range{};
            range.slba = ranges[i].slba;
            range.nlb = static_cast<std::uint16_t>(ranges[i].blocks - 1);
            h.memory.put(list + i * sizeof range, range);
        }
        auto sqe = io_command(NvmOpcode::kCopy, 1, sdlba, 1, list, list + 4096);
        sqe.cdw12 = static_cast<std::uint32_t>(ranges.size() - 1);
        return sqe;
    }
    spec::CompletionEntry copy(std::uint64_t sdlba, const std::vector<Range>& ranges) {
        return h.execute(q, copy_command(sdlba, ranges));
    }

    CoreHarness h;
    HostQueue q;
    std::uint64_t buffer = 0, list = 0;
};

TEST_F(CopyTest, RangesComeBehindOneAnother) {
    fill(10, 8);
    fill(200, 4);
    const auto done = copy(1000, {{12, 3}, {200, 4}, {10, 1}});
    EXPECT_EQ(status_of(done), StatusCode::kSuccess);
    EXPECT_EQ(done.dw0, 0u);
    const int expected[] = {12, 13, 14, 200, 201, 202, 203, 10};
    for (unsigned i = 0; i < 8; ++i) EXPECT_EQ(block(1000 + i), expected[i]) << i;
    EXPECT_EQ(block(999), 0);
    EXPECT_EQ(block(1008), 0);
    EXPECT_EQ(block(12), 12);
}

TEST_F(CopyTest, TheLargestCopyMovesEverything) {
    fill(0, 16);
    std::vector<Range> ranges;
    for (std::uint32_t i = 0; i < nvm::kCopyRanges; ++i) ranges.push_back({i % 16, 1});
    EXPECT_EQ(status_of(copy(5000, ranges)), StatusCode::kSuccess);
    for (std::uint32_t i = 0; i < nvm::kCopyRanges; ++i)
        ASSERT_EQ(block(5000 + i), static_cast<int>(i % 16));
    // Longer than MDTS.
    EXPECT_EQ(status_of(copy(16'000, {{5000, nvm::kCopyRangeBlocks}})), StatusCode::kSuccess);
    EXPECT_EQ(block(16'127), 127 % 16);
}

TEST_F(CopyTest, LimitsThatIdentifyAnnouncesAreKept) {
    auto identify = admin_command(spec::AdminOpcode::kIdentify);
    identify.nsid = 1;
    identify.prp1 = buffer;
    ASSERT_EQ(status_of(h.admin(identify)), StatusCode::kSuccess);
    const auto ns = h.memory.get<spec::IdentifyNamespace>(buffer);
    EXPECT_EQ(ns.msrc, nvm::kCopyRanges - 1);
    EXPECT_EQ(ns.mssrl, nvm::kCopyRangeBlocks);
    EXPECT_EQ(ns.mcl, nvm::kCopyBlocks);
    identify.cdw10 = 1;
    identify.nsid = 0;
    ASSERT_EQ(status_of(h.admin(identify)), StatusCode::kSuccess);
    const auto ctrl = h.memory.get<spec::IdentifyController>(buffer);
    EXPECT_TRUE(spec::Oncs::from(ctrl.oncs).get<spec::Oncs::Copy>());
    EXPECT_TRUE(spec::Oncs::from(ctrl.oncs).get<spec::Oncs::WriteUncorrectable>());
    EXPECT_EQ(ctrl.ocfs, 1u);

    auto many = copy_command(1000, {{0, 1}});
    many.cdw12 = nvm::kCopyRanges;
    EXPECT_EQ(status_of(h.execute(q, many)), StatusCode::kCommandSizeLimitExceeded);
    EXPECT_EQ(status_of(copy(10'000, {{0, 1}, {0, nvm::kCopyRangeBlocks + 1}})),
              StatusCode::kCommandSizeLimitExceeded);
    EXPECT_EQ(block(10'000), 0) << "all is checked before the first range is copied";
    auto format = copy_command(1000, {{0, 1}});
    format.cdw12 |= 1 << 8;
    EXPECT_EQ(status_of(h.execute(q, format)), StatusCode::kInvalidField);
}

TEST_F(CopyTest, BlocksOutsideOfTheNamespaceAreRefusedWhereverTheyAre) {
    const std::uint64_t blocks = (16 << 20) / kBlock;
    for (const std::uint64_t slba :
         {blocks, blocks - 1, ~std::uint64_t{0}, ~std::uint64_t{0} / 512})
        EXPECT_EQ(status_of(copy(0, {{1, 1}, {slba, 2}})), StatusCode::kLbaOutOfRange) << slba;
    for (const std::uint64_t sdlba : {blocks, blocks - 2, ~std::uint64_t{0}})
        EXPECT_EQ(status_of(copy(sdlba, {{1, 1}, {5, 2}})), StatusCode::kLbaOutOfRange) << sdlba;
}

TEST_F(CopyTest, ARangeThatCannotBeReadIsNamedInDword0) {
    fill(0, 8);
    ASSERT_EQ(status_of(io(NvmOpcode::kWriteUncorrectable, 5, 1)), StatusCode::kSuccess);
    const auto done = copy(1000, {{0, 2}, {2, 2}, {4, 3}, {7, 1}});
    EXPECT_EQ(status_of(done), StatusCode::kUnrecoveredReadError);
    EXPECT_EQ(done.dw0, 2u);
    EXPECT_EQ(block(1003), 3) << "what came before is copied";
    EXPECT_EQ(block(1004), 0);
    const auto first = copy(2000, {{5, 1}, {7, 1}});
    EXPECT_EQ(status_of(first), StatusCode::kUnrecoveredReadError);
    EXPECT_EQ(first.dw0, 0u);
}

TEST_F(CopyTest, AnUnreachableListIsATransferError) {
    h.memory.fail(list, 4096);
    EXPECT_EQ(status_of(copy(0, {{1, 1}})), StatusCode::kDataTransferError);
}

TEST_F(CopyTest, ItMayBeAbortedBetweenItsRanges) {
    ControllerParams slow = instant_params();
    slow.media.model = media::Model::kFixed;
    CoreHarness other(slow);
    other.add_namespace(1, 16 << 20);
    other.enable();
    HostQueue queue = other.create_queues(1, 16);
    const std::uint64_t ranges = other.alloc(4096);
    for (unsigned i = 0; i < 8; ++i) {
        spec::CopyRange range{};
        range.slba = i;
        other.memory.put(ranges + i * sizeof range, range);
    }
    auto sqe = io_command(NvmOpcode::kCopy, 1, 1000, 1, ranges);
    sqe.cdw12 = 7;
    const auto cid = other.push(queue, sqe);
    other.ring_tail(queue);
    other.run_for(120 * util::kPsPerUs);
    auto abort = admin_command(spec::AdminOpcode::kAbort);
    abort.cdw10 = std::uint32_t{cid} << 16 | 1;
    other.push(other.admin_queue(), abort);
    other.ring_tail(other.admin_queue());
    other.settle();
    const auto cqe = other.poll(queue);
    ASSERT_TRUE(cqe);
    EXPECT_EQ(status_of(*cqe), StatusCode::kAbortRequested);
    EXPECT_EQ(cqe->dw0, 2u) << "two ranges of 52 us each were copied";
}

TEST_F(CopyTest, MarkedBlocksCannotBeReadUntilTheyAreWritten) {
    fill(100, 8);
    ASSERT_EQ(status_of(io(NvmOpcode::kWriteUncorrectable, 102, 3)), StatusCode::kSuccess);
    for (std::uint64_t slba = 100; slba < 108; ++slba) {
        const bool marked = slba >= 102 && slba < 105;
        EXPECT_EQ(block(slba), marked ? -1 : static_cast<int>(slba)) << slba;
        EXPECT_EQ(status_of(io(NvmOpcode::kVerify, slba, 1)),
                  marked ? StatusCode::kUnrecoveredReadError : StatusCode::kSuccess);
        EXPECT_EQ(status_of(io(NvmOpcode::kCompare, slba, 1)) == StatusCode::kUnrecoveredReadError,
                  marked);
    }
    EXPECT_EQ(status_of(io(NvmOpcode::kRead, 100, 8)), StatusCode::kUnrecoveredReadError);
    fill(103, 1, 50);
    EXPECT_EQ(block(103), 153);
    EXPECT_EQ(block(102), -1);
    EXPECT_EQ(block(104), -1);
    ASSERT_EQ(status_of(io(NvmOpcode::kFlush, 0, 1)), StatusCode::kSuccess);
    EXPECT_EQ(block(104), -1) << "a flush is no write";
    ASSERT_EQ(status_of(io(NvmOpcode::kWriteZeroes, 102, 3)), StatusCode::kSuccess);
    EXPECT_EQ(block(102), 0);
    EXPECT_EQ(block(104), 0);
}

TEST_F(CopyTest, MarksOutliveResetsAndPower) {
    fill(100, 1);
    ASSERT_EQ(status_of(io(NvmOpcode::kWriteUncorrectable, 100, 1)), StatusCode::kSuccess);
    h.reset(ResetKind::kPowerOff);
    h.subsystem.set_power(true);
    h.settle();
    h.enable();
    q = h.create_queues(1, 64);
    EXPECT_EQ(block(100), -1);
    EXPECT_EQ(status_of(io(NvmOpcode::kWriteUncorrectable, 32'768, 1)), StatusCode::kLbaOutOfRange);
}

}  // namespace
}  // namespace nvme::test
