// SPDX-License-Identifier: Apache-2.0
// Fused Compare and Write, at the queues.
#include <gtest/gtest.h>

#include "tests/support/core_harness.h"

namespace nvme::test {
namespace {

using spec::NvmOpcode;
using spec::StatusCode;
using util::kPsPerUs;

constexpr std::uint32_t kBytes = 4096;

spec::SubmissionEntry fused(spec::SubmissionEntry sqe, std::uint32_t fuse) {
    sqe.cdw0 = spec::Cdw0::from(sqe.cdw0).with<spec::Cdw0::Fuse>(fuse).raw;
    return sqe;
}

class FusedTest : public ::testing::Test {
protected:
    explicit FusedTest(const ControllerParams& params = instant_params()) : h(params) {
        h.add_namespace(1, 1 << 20);
        h.enable();
        q = h.create_queues(1, 8);
        expected = h.alloc(kBytes);
        fresh = h.alloc(kBytes);
        scratch = h.alloc(kBytes);
        fill(fresh, 7);
    }
    void fill(std::uint64_t gpa, std::uint8_t value) {
        const std::vector<std::uint8_t> bytes(kBytes, value);
        h.memory.copy_in(gpa, bytes.data(), bytes.size());
    }
    [[nodiscard]] spec::SubmissionEntry compare(std::uint64_t slba = 8) const {
        return fused(io_command(NvmOpcode::kCompare, 1, slba, 8, expected), spec::kFuseFirst);
    }
    [[nodiscard]] spec::SubmissionEntry write(std::uint64_t slba = 8) const {
        return fused(io_command(NvmOpcode::kWrite, 1, slba, 8, fresh), spec::kFuseSecond);
    }
    /// The statuses of all entries, in the order of the completions.
    std::vector<StatusCode> run(const std::vector<spec::SubmissionEntry>& entries) {
        cids.clear();
        for (const auto& sqe : entries) h.push(q, sqe);
        h.ring_tail(q);
        h.settle();
        std::vector<StatusCode> statuses;
        while (const auto cqe = h.poll(q)) {
            statuses.push_back(status_of(*cqe));
            cids.push_back(cqe->cid);
        }
        return statuses;
    }
    int content(std::uint64_t slba = 8) {
        const auto cqe = h.execute(q, io_command(NvmOpcode::kRead, 1, slba, 8, scratch));
        EXPECT_EQ(status_of(cqe), StatusCode::kSuccess);
        return h.memory.get<std::uint8_t>(scratch + 4000);
    }

    using Statuses = std::vector<StatusCode>;
    CoreHarness h;
    HostQueue q;
    std::uint64_t expected = 0, fresh = 0, scratch = 0;
    std::vector<std::uint16_t> cids;
};

TEST_F(FusedTest, WritesWhenTheComparisonHolds) {
    const std::uint16_t first = q.next_cid;
    EXPECT_EQ(run({compare(), write()}), (Statuses{StatusCode::kSuccess, StatusCode::kSuccess}));
    EXPECT_EQ(cids, (std::vector<std::uint16_t>{first, static_cast<std::uint16_t>(first + 1)}));
    EXPECT_EQ(content(), 7);
    EXPECT_EQ(content(0), 0);
}

TEST_F(FusedTest, LeavesTheBlocksAloneWhenItDoesNot) {
    fill(expected, 1);
    EXPECT_EQ(run({compare(), write()}),
              (Statuses{StatusCode::kCompareFailure, StatusCode::kAbortedFailedFused}));
    EXPECT_EQ(content(), 0);
}

TEST_F(FusedTest, AMistakeOfTheWriteIsTheWritesAlone) {
    auto bad = write();
    bad.prp1 |= 2;
    EXPECT_EQ(run({compare(), bad}),
              (Statuses{StatusCode::kSuccess, StatusCode::kPrpOffsetInvalid}));
    EXPECT_EQ(content(), 0);
    h.memory.fail(fresh, kBytes);
    const auto statuses = run({compare(), write()});
    ASSERT_EQ(statuses.size(), 2u);
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), StatusCode::kSuccess), 1);
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), StatusCode::kDataTransferError), 1);
    EXPECT_EQ(content(), 0);
}

TEST_F(FusedTest, AMistakeOfTheCompareEndsBoth) {
    auto bad = compare();
    bad.prp1 |= 2;
    EXPECT_EQ(run({bad, write()}),
              (Statuses{StatusCode::kPrpOffsetInvalid, StatusCode::kAbortedFailedFused}));
    auto outside = compare(1 << 20), also = write(1 << 20);
    EXPECT_EQ(run({outside, also}),
              (Statuses{StatusCode::kLbaOutOfRange, StatusCode::kAbortedFailedFused}));
}

TEST_F(FusedTest, TheBlocksOfBothMustBeTheSame) {
    EXPECT_EQ(run({compare(8), write(16)}),
              (Statuses{StatusCode::kInvalidField, StatusCode::kInvalidField}));
    auto shorter = write();
    shorter.cdw12 = 3;
    EXPECT_EQ(run({compare(), shorter}),
              (Statuses{StatusCode::kInvalidField, StatusCode::kInvalidField}));
    EXPECT_EQ(content(8) + content(16), 0);
}

TEST_F(FusedTest, AHalfIsNoFusedOperation) {
    EXPECT_EQ(run({compare()}), (Statuses{StatusCode::kAbortedMissingFused}));
    EXPECT_EQ(run({write()}), (Statuses{StatusCode::kAbortedMissingFused}));
    const auto flush = io_command(NvmOpcode::kFlush, 1, 0, 1);
    EXPECT_EQ(run({compare(), flush}),
              (Statuses{StatusCode::kAbortedMissingFused, StatusCode::kSuccess}));
    EXPECT_EQ(
        run({compare(), compare(), write()}),
        (Statuses{StatusCode::kAbortedMissingFused, StatusCode::kSuccess, StatusCode::kSuccess}));
    EXPECT_EQ(content(), 7);
}

TEST_F(FusedTest, OnlyCompareAndWriteAreOne) {
    const auto read = fused(io_command(NvmOpcode::kRead, 1, 8, 8, scratch), spec::kFuseFirst);
    EXPECT_EQ(run({read, write()}),
              (Statuses{StatusCode::kAbortedMissingFused, StatusCode::kAbortedFailedFused}));
    const auto both = fused(compare(), 3);
    EXPECT_EQ(run({both}), (Statuses{StatusCode::kInvalidField}));
    EXPECT_EQ(status_of(h.admin(fused(admin_command(spec::AdminOpcode::kIdentify), 1))),
              StatusCode::kInvalidField);
}

TEST_F(FusedTest, ItIsAnnounced) {
    auto identify = admin_command(spec::AdminOpcode::kIdentify);
    identify.cdw10 = 1;
    identify.prp1 = scratch;
    ASSERT_EQ(status_of(h.admin(identify)), StatusCode::kSuccess);
    const auto id = h.memory.get<spec::IdentifyController>(scratch);
    EXPECT_EQ(id.fuses, 1u);
    EXPECT_EQ(id.acwu, id.awun);
}

// The second half is fetched when there is a slot for it, and it may come with the next fetch.
TEST_F(FusedTest, PairsThatAFetchDividesAreWhole) {
    CoreHarness other;
    other.add_namespace(1, 1 << 20);
    other.enable();
    HostQueue queue = other.create_queues(1, 64);
    const std::uint64_t data = other.alloc(kBytes);
    const auto c = fused(io_command(NvmOpcode::kCompare, 1, 8, 8, data), spec::kFuseFirst);
    const auto w = fused(io_command(NvmOpcode::kWrite, 1, 8, 8, data), spec::kFuseSecond);
    other.push(queue, io_command(NvmOpcode::kFlush, 1, 0, 1));  // pairs begin at odd entries
    for (int i = 0; i < 30; ++i) {
        other.push(queue, c);
        other.push(queue, w);
    }
    other.ring_tail(queue);
    other.settle();
    for (int i = 0; i < 61; ++i) {
        const auto cqe = other.poll(queue);
        ASSERT_TRUE(cqe) << i;
        EXPECT_EQ(status_of(*cqe), StatusCode::kSuccess) << i;
    }
}

class SlowFused : public FusedTest {
protected:
    static ControllerParams slow() {
        ControllerParams p = instant_params();
        p.media.model = media::Model::kFixed;
        return p;
    }
    SlowFused() : FusedTest(slow()) {}
};

// Another command may write the same blocks before or after, not in between.
TEST_F(SlowFused, NothingHappensBetweenTheTwo) {
    HostQueue other = h.create_queues(2, 8);
    const std::uint64_t third = h.alloc(kBytes);
    fill(third, 9);
    for (unsigned us = 0; us < 60; us += 3) {
        fill(expected, 0);
        h.execute(q, io_command(NvmOpcode::kWriteZeroes, 1, 8, 8));
        h.push(q, compare());
        h.push(q, write());
        h.ring_tail(q);
        h.run_for(us * kPsPerUs);
        h.push(other, io_command(NvmOpcode::kWrite, 1, 8, 8, third));
        h.ring_tail(other);
        h.settle();
        const auto compared = h.poll(q), written = h.poll(q);
        ASSERT_TRUE(h.poll(other));
        ASSERT_TRUE(compared && written);
        const bool held = status_of(*compared) == StatusCode::kSuccess;
        EXPECT_EQ(status_of(*written),
                  held ? StatusCode::kSuccess : StatusCode::kAbortedFailedFused);
        // Where the comparison held, the other write came later.
        EXPECT_EQ(content(), 9) << us;
    }
}

TEST_F(SlowFused, AnAbortOfTheFirstEndsBoth) {
    const std::uint16_t cid = q.next_cid;
    h.push(q, compare());
    h.push(q, write());
    h.ring_tail(q);
    h.run_for(10 * kPsPerUs);
    auto abort = admin_command(spec::AdminOpcode::kAbort);
    abort.cdw10 = std::uint32_t{cid} << 16 | 1;
    const auto answer = h.admin(abort);
    EXPECT_EQ(answer.dw0, 0u) << "aborted";
    EXPECT_EQ(status_of(*h.poll(q)), StatusCode::kAbortRequested);
    EXPECT_EQ(status_of(*h.poll(q)), StatusCode::kAbortedFailedFused);
    EXPECT_EQ(content(), 0);
}

TEST_F(SlowFused, TheirQueueMayBeDeleted) {
    h.push(q, compare());
    h.push(q, write());
    h.ring_tail(q);
    h.run_for(10 * kPsPerUs);
    auto remove = admin_command(spec::AdminOpcode::kDeleteIoSq);
    remove.cdw10 = 1;
    EXPECT_EQ(status_of(h.admin(remove)), StatusCode::kSuccess);
    EXPECT_EQ(status_of(*h.poll(q)), StatusCode::kAbortedSqDeletion);
    EXPECT_EQ(status_of(*h.poll(q)), StatusCode::kAbortedSqDeletion);
    h.disable();
    h.expect_service(1);
}

TEST_F(SlowFused, AResetForgetsBoth) {
    h.push(q, compare());
    h.push(q, write());
    h.ring_tail(q);
    h.run_for(10 * kPsPerUs);
    h.expect_service(1);
}

}  // namespace
}  // namespace nvme::test
